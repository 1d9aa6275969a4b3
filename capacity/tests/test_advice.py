from dataclasses import replace

import pytest

from capacity.advice import Advice, advice
from capacity.backlog import of_outage, recovery
from capacity.load import Load
from tests.examples import APPLICATION, labelling, model, serving, sweeping

SMALL = replace(APPLICATION, submit=replace(APPLICATION.submit, rate=1, burst=2))


def _of(found: Advice) -> dict[tuple[str, str], float]:
    return {(each.where, each.name): each.needed for each in found.parameters + found.quotas}


def test_a_load_that_fits_needs_nothing() -> None:
    found = advice(model(labelling(serving(concurrency=16))), Load(1))

    assert not found.parameters
    assert not found.quotas
    assert not found.notes


def test_what_is_too_small_is_named_with_the_value_that_is_needed() -> None:
    found = advice(model(SMALL, "new"), Load(10, burst=50))
    needed = _of(found)

    assert needed["submit_image", "ThrottlingRateLimit"] == 15
    assert needed["submit_image", "ThrottlingBurstLimit"] == 50
    assert needed["lambda", "Concurrent executions"] > 10


def test_a_quota_is_named_with_the_link_at_which_it_is_raised() -> None:
    (quota,) = [
        each for each in advice(model(SMALL, "new"), Load(10)).quotas if each.where == "lambda"
    ]

    assert quota.link.endswith("/services/lambda/quotas/L-B99A9384")


def test_the_quotas_that_have_to_be_raised_are_named_where_they_are_taken_as_raised() -> None:
    assert _of(advice(model(SMALL, "raised"), Load(10))) == _of(
        advice(model(SMALL, "new"), Load(10))
    )


def test_what_aws_does_not_allow_is_reported_with_what_lifts_it() -> None:
    found = advice(model(), Load(1000))

    assert _of(found)["sagemaker_endpoint", "MaxConcurrency"] == 200
    assert any("InferenceType=Instance" in each for each in found.notes)
    assert any("WarmWriteUnits" in each for each in found.notes)


def test_what_nothing_lifts_is_reported() -> None:
    assert any(
        "S3's PUT" in each and "capacity.md" in each for each in advice(model(), Load(5000)).notes
    )


def test_a_labeller_that_calls_more_than_the_endpoint_serves_is_warned_of() -> None:
    found = advice(model(serving(concurrency=5)), Load(1))

    assert any("16 times at once" in each and "serves 5" in each for each in found.notes)


def test_a_burst_that_lambda_does_not_follow_is_warned_of() -> None:
    assert any("1,000 at once" in each for each in advice(model(), Load(1, burst=5000)).notes)


WIDE = labelling(serving(concurrency=200), factor=10)


def _sweep_of(found: Advice) -> dict[str, float]:
    return {each.name: each.needed for each in found.parameters if each.name.startswith("Sweep")}


def test_a_sweep_that_is_slower_than_the_rest_is_to_run_more_often() -> None:
    found = advice(model(), Load(1, outage=36_000))

    # A batch of each shard: 16 pictures a second that the present 1,024 are enough for in a minute.
    assert _sweep_of(found) == {"SweepRateMinutes": 1}


def test_a_sweep_that_runs_each_minute_is_to_send_more() -> None:
    minute = model(sweeping(WIDE, every=60))
    needed = _sweep_of(advice(minute, Load(20, outage=36_000)))

    assert set(needed) == {"SweepLimit"}
    more = model(sweeping(WIDE, every=60, limit=int(needed["SweepLimit"])))
    assert recovery(minute, 20, swept=True)[0].title.startswith("the sweep: 1,024")
    assert not recovery(more, 20, swept=True)[0].title.startswith("the sweep: ")


def test_a_limit_of_the_sweep_that_the_template_refuses_is_reported() -> None:
    found = advice(model(sweeping(WIDE, every=60, most=2000)), Load(20, outage=36_000))

    assert _sweep_of(found) == {"SweepLimit": 2000}
    assert any("SweepLimit of invoke_labeller would have to be" in each for each in found.notes)


@pytest.mark.parametrize(
    ("rate", "outage"),
    # One run sends what waits; there was no outage; nothing is left over for a backlog.
    [(1, 600), (1, 0), (200, 3600)],
)
def test_a_sweep_that_bounds_nothing_is_left_as_it_is(rate: float, outage: float) -> None:
    assert not _sweep_of(advice(model(), Load(rate, outage=outage)))


def test_as_much_is_advised_as_a_backlog_has() -> None:
    whole, load = model(sweeping(WIDE, every=60)), Load(2, outage=600)
    swept = of_outage(whole, load, 2).swept

    assert _sweep_of(advice(whole, load)) == {"SweepLimit": swept}
