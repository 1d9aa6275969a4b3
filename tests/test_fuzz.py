"""The deployed API under fuzz, and what its gateway refuses by itself."""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import urllib3
from local_aws.cloud import Cloud
from local_aws.using import api

from tests.application import ENDED, broken_picture, eventually, get, upload
from tests.project import PROJECT

PHOTOGRAPH = PROJECT / "system_tests/suite/photos/coffee.jpg"
ROUTES = {"SUBMIT_IMAGE": "SubmitImageAPI", "GET_IMAGE_LABEL": "GetImageLabelAPI"}
UNKNOWN = "1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c55"
ALL_METHODS = "/*/*/throttling"


@dataclass(frozen=True)
class Answer:
    """An answer of the API."""

    status: int
    headers: urllib3.HTTPHeaderDict
    body: dict[str, Any]


def ask(method: str, url: str, **headers: str) -> Answer:
    with urllib3.PoolManager(retries=False, timeout=60) as pool:
        answer = pool.request(method, url, headers=headers)
    return Answer(answer.status, answer.headers, json.loads(answer.data or b"{}"))


def assert_problem(answer: Answer, status: int, slug: str) -> None:
    assert answer.status == answer.body["status"] == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["x-amzn-RequestId"]
    assert answer.body["type"] == f"urn:imagelabeller:problem:{slug}"
    assert set(answer.body) == {"type", "title", "status", "detail"}


@pytest.fixture(scope="module")
def routes(cloud: Cloud) -> dict[str, api.Route]:
    outputs = cloud.outputs()
    return {
        name: api.find(output, outputs, cloud.url, cloud.settings.region)
        for name, output in ROUTES.items()
    }


@contextmanager
def throttled_to(
    cloud: Cloud, routes: dict[str, api.Route], rate: int, burst: int
) -> Iterator[None]:
    """Set the throttles of the stages and the plans for a while."""
    gateway = cloud.session().client("apigateway", endpoint_url=cloud.url)
    stages = [route.url.split("/")[-3:-1] for route in routes.values()]
    before = {
        api_id: gateway.get_stage(restApiId=api_id, stageName=stage)["methodSettings"]["*/*"]
        for api_id, stage in stages
    }
    plans = {plan["id"]: plan["throttle"] for plan in gateway.get_usage_plans()["items"]}

    def limit(api_id: str, stage: str, rate: float, burst: int) -> None:
        values = {"rateLimit": str(rate), "burstLimit": str(burst)}
        gateway.update_stage(
            restApiId=api_id,
            stageName=stage,
            patchOperations=[
                {"op": "replace", "path": f"{ALL_METHODS}/{name}", "value": value}
                for name, value in values.items()
            ],
        )

    for api_id, stage in stages:
        limit(api_id, stage, rate, burst)
    for plan, throttle in plans.items():
        limit_plan(gateway, plan, dict.fromkeys(throttle, burst))
    yield
    for api_id, stage in stages:
        settings = before[api_id]
        limit(api_id, stage, settings["throttlingRateLimit"], settings["throttlingBurstLimit"])
    for plan, throttle in plans.items():
        limit_plan(gateway, plan, throttle)


@pytest.fixture
def unthrottled(cloud: Cloud, routes: dict[str, api.Route]) -> Iterator[None]:
    """Lift the throttles, which would answer most of the fuzz with 429."""
    with throttled_to(cloud, routes, 10000, 5000):
        yield


@pytest.fixture
def one_a_second(cloud: Cloud, routes: dict[str, api.Route]) -> Iterator[None]:
    """Lower the throttles to what the slowest machine exceeds."""
    with throttled_to(cloud, routes, 1, 1):
        yield


def limit_plan(gateway: Any, plan: str, throttle: Any) -> None:
    """Set rate and burst of a usage plan."""
    gateway.update_usage_plan(
        usagePlanId=plan,
        patchOperations=[
            {"op": "replace", "path": f"/throttle/{name}", "value": str(value)}
            for name, value in throttle.items()
        ],
    )


@pytest.fixture
def images(cloud: Cloud, routes: dict[str, api.Route], tmp_path: Path) -> list[str]:
    """A picture that is labelled, and one that cannot be."""
    submitted = [
        str(get(routes["SUBMIT_IMAGE"], url=upload(cloud, picture))["ImageId"])
        for picture in (PHOTOGRAPH, broken_picture(tmp_path))
    ]
    look_up = routes["GET_IMAGE_LABEL"]
    eventually(lambda: {get(look_up, imageId=i)["Status"] for i in submitted} == set(ENDED))
    return submitted


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("unthrottled")
def test_the_api_stands_the_fuzz(
    cloud: Cloud,
    routes: dict[str, api.Route],
    images: list[str],
    counts: Counter[str],
) -> None:
    done = subprocess.run(
        ["make", "-C", str(PROJECT / "fuzz"), "--silent", "--no-print-directory", "fuzz"],
        env=os.environ
        | {f"{name}_API": route.url for name, route in routes.items()}
        | {"API_KEY": routes["SUBMIT_IMAGE"].key or ""}
        | {"IMAGE_IDS": " ".join(images), "IMAGE_URLS": upload(cloud, PHOTOGRAPH)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.findall(r"^fuzz (\w+): (\d+) cases, (\d+) checks, all passed", done.stdout, re.M)
    assert len(passed) == len(ROUTES), done.stdout
    for title, cases, checks in passed:
        counts[f"fuzz of {title}: cases passed"] = int(cases)
        counts[f"fuzz of {title}: checks of their answers passed"] = int(checks)


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("key", [None, "", "wrong", "upper case", "with a space"])
def test_without_its_key_an_api_opens_nothing(
    name: str, key: str | None, routes: dict[str, api.Route]
) -> None:
    own = str(routes[name].key)
    keys = {"upper case": own.upper(), "with a space": f"{own} x"}
    headers = {} if key is None else {"x-api-key": keys.get(key, key)}

    answer = ask("GET", f"{routes[name].url}?imageId={UNKNOWN}&url=http://localhost/", **headers)

    assert_problem(answer, 403, "forbidden")


def test_one_key_opens_both_apis(routes: dict[str, api.Route]) -> None:
    [key] = {route.key for route in routes.values()}

    assert key


def test_a_key_for_look_ups_alone_opens_no_other_api(
    cloud: Cloud, routes: dict[str, api.Route]
) -> None:
    # given a key that is made as the deployment guide says
    gateway = cloud.session().client("apigateway", endpoint_url=cloud.url)
    made = gateway.create_api_key(name="look-up-only", enabled=True)
    plan = cloud.outputs()["OpenDevOpsGetImageLabel"]["UsagePlanId"]
    gateway.create_usage_plan_key(usagePlanId=plan, keyId=made["id"], keyType="API_KEY")
    key = {"x-api-key": made["value"]}

    # when it is used
    look_up = ask("GET", f"{routes['GET_IMAGE_LABEL'].url}?imageId={UNKNOWN}", **key)
    submit = ask("GET", f"{routes['SUBMIT_IMAGE'].url}?url=x", **key)
    withdraw = ask("DELETE", f"{routes['SUBMIT_IMAGE'].url}?imageId={UNKNOWN}", **key)
    gateway.delete_api_key(apiKey=made["id"])

    # then
    assert_problem(look_up, 404, "unknown-image")
    assert_problem(submit, 403, "forbidden")
    assert_problem(withdraw, 403, "forbidden")


@pytest.mark.parametrize("name", ROUTES)
def test_a_key_in_the_query_opens_nothing(name: str, routes: dict[str, api.Route]) -> None:
    route = routes[name]

    answer = ask("GET", f"{route.url}?x-api-key={route.key}&imageId={UNKNOWN}")

    assert_problem(answer, 403, "forbidden")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_a_method_without_a_route_is_refused(method: str, routes: dict[str, api.Route]) -> None:
    route = routes["GET_IMAGE_LABEL"]

    answer = ask(method, f"{route.url}?imageId={UNKNOWN}", **{"x-api-key": str(route.key)})

    assert_problem(answer, 403, "forbidden")


@pytest.fixture
def limit(cloud: Cloud) -> Iterator[Callable[[int], None]]:
    """Set the quota of SubmitImage's key; it is restored afterwards."""
    gateway = cloud.session().client("apigateway", endpoint_url=cloud.url)
    [plan] = [plan for plan in gateway.get_usage_plans()["items"] if plan["quota"]]

    def set_quota(requests: int) -> None:
        gateway.update_usage_plan(
            usagePlanId=plan["id"],
            patchOperations=[{"op": "replace", "path": "/quota/limit", "value": str(requests)}],
        )

    yield set_quota
    set_quota(plan["quota"]["limit"])


def test_a_key_is_good_for_no_more_than_its_quota(
    routes: dict[str, api.Route], limit: Callable[[int], None]
) -> None:
    route = routes["SUBMIT_IMAGE"]
    url, key = f"{route.url}?url=x", {"x-api-key": str(route.key)}
    before = ask("GET", url, **key)

    limit(1)
    refused = ask("GET", url, **key)

    assert before.status == 400
    assert_problem(refused, 429, "too-many-requests")
    assert "quota" in refused.body["detail"]
    # There is no use in asking again soon.
    assert int(refused.headers["Retry-After"]) >= 3600


@pytest.mark.usefixtures("one_a_second")
@pytest.mark.parametrize("name", ROUTES)
def test_too_many_requests_at_once_are_throttled(name: str, routes: dict[str, api.Route]) -> None:
    route = routes[name]
    # Refused by the function at once: the burst costs nothing.
    url = f"{route.url}?imageId=x&url=x"

    with ThreadPoolExecutor(16) as pool:
        key = {"x-api-key": str(route.key)}
        answers = list(pool.map(lambda _: ask("GET", url, **key), range(60)))

    throttled = [answer for answer in answers if answer.status != 400]
    assert len(throttled) < len(answers)
    assert throttled
    for answer in throttled:
        assert_problem(answer, 429, "too-many-requests")
        assert int(answer.headers["Retry-After"]) >= 1
