"""The API's latency against a function behind an API that does nothing."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import urllib3

from benchmark import pictures
from benchmark.application import Application
from benchmark.errors import BenchmarkError
from benchmark.options import Sizes
from benchmark.parts.part import Measure, Samples
from benchmark.rows import invoking

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import PatchOperationTypeDef

NOTHING = Path(__file__).parents[1] / "references/nothing.py"
STAGE = "v1"
METHOD = "GET"
SOURCE = "benchmark-submitted.jpg"
# More than a caller reaches here.
RATE = 10_000
FIRST_ERROR = 400


type Route = tuple[str, dict[str, str]]


@contextmanager
def api(application: Application, sizes: Sizes) -> Iterator[Measure]:
    """Measure submissions and look-ups of one caller back to back, on a connection that is kept.

    While it measures, the stream invokes nothing, so that nothing is labelled meanwhile.

    Args:
        application: What is measured.
        sizes: How much.
    """
    with ExitStack() as stack:
        for name in ("OpenDevOpsSubmitImage", "OpenDevOpsGetImageLabel"):
            stack.enter_context(_unthrottled(application, application.outputs[name]))
        picture = pictures.photograph(pictures.SMALL, 0)
        source = stack.enter_context(application.stored(SOURCE, picture))
        caller = Caller(
            stack.enter_context(urllib3.PoolManager(retries=False, timeout=60)),
            nothing=(stack.enter_context(_no_operation(application)), {}),
            submit=_route(application, "OpenDevOpsSubmitImage", "SubmitImageAPI"),
            look_up=_route(application, "OpenDevOpsGetImageLabel", "GetImageLabelAPI"),
            source=source,
        )

        def measure(count: int = sizes.requests) -> Samples:
            with invoking(application, None):
                try:
                    times = caller.ask(count)
                finally:
                    _delete(application, caller.submitted)
            return {
                f"api.{name}.{quantile}": value
                for name, each in times.items()
                for quantile, value in (("p50", median(each)), ("p95", quantiles(each, n=20)[-1]))
            }

        # So that every function has started.
        measure(2)
        yield measure


class Caller:
    """A caller that makes each request by turns.

    Args:
        pool: Its connections.
        nothing: The route to the function that does nothing.
        submit: The route that takes pictures.
        look_up: The route that gives labels.
        source: URL of the picture that is submitted.

    Attributes:
        submitted: The ids of the pictures that it has submitted, and that are not deleted.
    """

    def __init__(
        self,
        pool: urllib3.PoolManager,
        *,
        nothing: Route,
        submit: Route,
        look_up: Route,
        source: str,
    ) -> None:
        self.submitted: list[str] = []
        self._pool = pool
        self._nothing, self._submit, self._look_up = nothing, submit, look_up
        self._source = source

    def ask(self, count: int) -> dict[str, list[float]]:
        """Make each request some times, and return their times by its name.

        Raises:
            BenchmarkError: If one is refused.
        """
        times: dict[str, list[float]] = {"nothing": [], "submit": [], "look_up": []}
        for _ in range(count):
            times["nothing"].append(self._get(self._nothing)[0])
            took, answer = self._get(self._submit, url=self._source)
            times["submit"].append(took)
            self.submitted.append(answer["ImageId"])
            times["look_up"].append(self._get(self._look_up, imageId=answer["ImageId"])[0])
        return times

    def _get(self, route: Route, **query: str) -> tuple[float, dict[str, Any]]:
        url, headers = route
        began = time.perf_counter()
        answer = self._pool.request(METHOD, f"{url}?{urlencode(query)}", headers=headers)
        took = time.perf_counter() - began
        if answer.status >= FIRST_ERROR:
            raise BenchmarkError(f"{url} answered {answer.status}: {answer.data[:300]!r}")
        body: dict[str, Any] = json.loads(answer.data)
        return took, body


def _delete(application: Application, images: list[str]) -> None:
    while images:
        image = images.pop()
        application.dynamodb.delete_item(TableName=application.table, Key={"Id": {"S": image}})
        application.s3.delete_object(Bucket=application.bucket, Key=image)


def _route(application: Application, stack: str, output: str) -> Route:
    outputs = application.outputs[stack]
    address = urlsplit(outputs[output])
    api_id = str(address.hostname).partition(".")[0]
    # One key opens both APIs; formerly each had its own.
    submit = application.outputs["OpenDevOpsSubmitImage"]
    key_id = outputs.get("ApiKeyId") or submit["ApiKeyId"]
    key = application.gateway.get_api_key(apiKey=key_id, includeValue=True)
    url = f"{application.url}/_aws/execute-api/{api_id}{address.path}"
    return url, {"x-api-key": key["value"]}


@contextmanager
def _no_operation(application: Application) -> Iterator[str]:
    """Make an API in front of a function that does nothing, and yield its URL."""
    gateway = application.gateway
    with application.function(NOTHING, {}) as function:
        arn = application.functions.get_function_configuration(FunctionName=function)["FunctionArn"]
        made = gateway.create_rest_api(name=function)["id"]
        try:
            (root,) = gateway.get_resources(restApiId=made)["items"]
            gateway.put_method(
                restApiId=made,
                resourceId=root["id"],
                httpMethod=METHOD,
                authorizationType="NONE",
            )
            gateway.put_integration(
                restApiId=made,
                resourceId=root["id"],
                httpMethod=METHOD,
                type="AWS_PROXY",
                integrationHttpMethod="POST",
                uri=f"arn:aws:apigateway:{application.region}:lambda:path/2015-03-31/functions/"
                f"{arn}/invocations",
            )
            gateway.create_deployment(restApiId=made, stageName=STAGE)
            application.functions.add_permission(
                FunctionName=function,
                StatementId="api",
                Action="lambda:InvokeFunction",
                Principal="apigateway.amazonaws.com",
            )
            yield f"{application.url}/_aws/execute-api/{made}/{STAGE}/"
        finally:
            gateway.delete_rest_api(restApiId=made)


@contextmanager
def _unthrottled(application: Application, outputs: dict[str, str]) -> Iterator[None]:
    """Lift the throttles of an API's stage and usage plans for the block."""
    gateway = application.gateway
    address = urlsplit(next(value for name, value in outputs.items() if name.endswith("API")))
    api_id, stage = str(address.hostname).partition(".")[0], address.path.split("/")[1]
    settings = gateway.get_stage(restApiId=api_id, stageName=stage)["methodSettings"]["*/*"]
    plans = {
        plan["id"]: dict(plan["throttle"])
        for plan in gateway.get_usage_plans()["items"]
        if any(each["apiId"] == api_id for each in plan.get("apiStages", []))
    }

    def limit(rate: float, burst: int) -> None:
        gateway.update_stage(
            restApiId=api_id,
            stageName=stage,
            patchOperations=_replacing("/*/*/throttling", {"rateLimit": rate, "burstLimit": burst}),
        )

    def limit_plan(plan: str, throttle: Mapping[str, Any]) -> None:
        gateway.update_usage_plan(
            usagePlanId=plan, patchOperations=_replacing("/throttle", throttle)
        )

    limit(RATE, RATE)
    for plan, throttle in plans.items():
        limit_plan(plan, dict.fromkeys(throttle, RATE))
    try:
        yield
    finally:
        limit(settings["throttlingRateLimit"], settings["throttlingBurstLimit"])
        for plan, throttle in plans.items():
            limit_plan(plan, throttle)


def _replacing(path: str, values: Mapping[str, Any]) -> "list[PatchOperationTypeDef]":
    return [
        {"op": "replace", "path": f"{path}/{name}", "value": str(value)}
        for name, value in values.items()
    ]
