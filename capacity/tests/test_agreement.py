"""The analytic model and the simulation name the same bottleneck."""

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from local_aws.settings import ROOT

from capacity.application import Application
from capacity.limits import DAY, limits
from capacity.load import Load
from capacity.model import Model
from capacity.simulation import simulate
from capacity.validation.scenarios import SCENARIOS, Scenario
from tests.examples import APPLICATION, CONSTANTS, labelling, serving, with_limits

WIDE = replace(
    labelling(serving(concurrency=200), factor=10),
    submit=replace(APPLICATION.submit, rate=1e5, burst=1e5),
    look_up=replace(APPLICATION.look_up, rate=1e6, burst=1e6),
)
# A burst that Lambda's ramp refuses is over before anything is at its limit.
TRANSIENT = {"a slow ramp of executions"}
SECONDS = 150


def _in(
    application: Application = WIDE,
    account: str = "raised",
    assumed: Mapping[str, float] = MappingProxyType({}),
    **values: float,
) -> Model:
    """Return an application in an account, with `lambda_ramp=1` for the limit `lambda-ramp`."""
    return with_limits(Model(application, CONSTANTS.assuming(assumed), account), **values)


def _submitting(**changes: Any) -> Application:
    return replace(WIDE, submit=replace(WIDE.submit, **changes))


def _reserving(part: str, executions: float, application: Application = WIDE) -> Application:
    whole = getattr(application, part)
    function = replace(whole.function, reserved=executions)
    return replace(application, **{part: replace(whole, function=function)})


def _table(**changes: Any) -> Application:
    return replace(WIDE, table=replace(WIDE.table, **changes))


OVERLOADED = {
    "api": {
        "the throttle": _in(_submitting(rate=20, burst=20)),
        "the daily quota": _in(_submitting(quota=86_400 * 0.01)),
        "the account's requests, of which three look a picture up": _in(
            _submitting(burst=20), "default", api_rate=80
        ),
    },
    "executions": {
        "a new account's": _in(account="new"),
        "those that others have not reserved": _in(
            _reserving("look_up", 30), "default", lambda_concurrency=50
        ),
        "those of SubmitImage": _in(_reserving("submit", 10)),
        "those that slow look-ups leave": _in(
            WIDE, "default", {"look-up-seconds": 1}, lambda_concurrency=60
        ),
    },
    "table": {
        "its writes, of which a label takes two": _in(table_new_writes=60),
        "the index's writes": _in(_table(writes=4000), table_new_writes=40),
        "one partition key of the index": _in(_table(index_shards=1), partition_writes=60),
    },
    "bucket": {"its new objects": _in(bucket_puts=20)},
    "stream": {
        "one batch of a shard": _in(labelling(WIDE, factor=1)),
        "single pictures": _in(labelling(WIDE, factor=2, batch=1)),
        "reserved executions": _in(_reserving("labeller", 3)),
        "its processor": _in(labelling(WIDE, factor=2), assumed={"label-cpu-seconds": 0.5}),
    },
    "endpoint": {
        "its places": _in(serving(WIDE, concurrency=10)),
        "the account's places": _in(account="default", serverless_concurrency=10),
        "its instances": _in(serving(WIDE, serverless=False, most=2)),
    },
}
CASES = [
    pytest.param(kind, whole, id=f"{kind}: {name}")
    for kind, cases in OVERLOADED.items()
    for name, whole in cases.items()
]


@pytest.mark.parametrize(("kind", "whole"), CASES)
def test_what_is_overloaded_is_found_by_both(kind: str, whole: Model) -> None:
    first = limits(whole)[0]
    # A daily quota is used up by the evening.
    seconds = DAY if math.isfinite(whole.application.submit.quota) else SECONDS
    found = simulate(whole, Load(1.5 * first.pictures), seconds)

    assert first.kind == kind
    assert found.bottleneck == kind
    assert found.throughput <= 1.1 * first.pictures


def test_the_page_says_how_many_there_are() -> None:
    page = " ".join((ROOT / "docs/source/capacity.md").read_text().split())

    assert f"in {len(CASES)} overloaded applications and in the {len(SCENARIOS)} scenarios" in page


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)
def test_both_find_the_same_of_what_is_compared_with_the_embedded_cloud(scenario: Scenario) -> None:
    first = limits(scenario.model)[0]
    found = simulate(scenario.model, scenario.load, 2 * scenario.seconds)

    assert (found.bottleneck == first.kind) is (scenario.name not in TRANSIENT)
