"""The comparison with the embedded cloud: it runs, and the documentation shows its verdicts."""

import json
from dataclasses import replace
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from local_aws.settings import ROOT, Settings

from capacity.limits import limits
from capacity.validation.attempts import Attempts
from capacity.validation.cli import DATA, REPETITIONS, run
from capacity.validation.comparison import (
    P95_WITHIN,
    RIGHT_BOTTLENECKS,
    THROUGHPUT_WITHIN,
)
from capacity.validation.scenarios import SCENARIOS

LEAST = 40


def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((ROOT / DATA).read_text())["scenarios"]
    return rows


def test_two_scenarios_run_against_the_embedded_cloud() -> None:
    named = {each.name: each for each in SCENARIOS}
    chosen = [
        replace(named[name], seconds=6)
        for name in ("throttled to 2 a second", "endpoint of 1 place")
    ]
    found = run(chosen, Settings.read(), repetitions=1)

    # A busy machine shifts times; what limits stays the same.
    assert [each.measured.bottleneck for each in found] == ["api", "endpoint"]
    assert [each.predicted.bottleneck for each in found] == ["api", "endpoint"]
    assert [each.computed for each in found] == ["api", "endpoint"]
    assert all(each.overheads["label"].value > 0 for each in found)
    assert all(each.measured.throughput.value > 0 for each in found)


@pytest.mark.parametrize("statuses", [[200], [400, 200]])
def test_the_attempts_of_an_update_are_counted(statuses: list[int]) -> None:
    # Given a table that refuses an update at first, or does not
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    client = boto3.client("dynamodb", region_name="us-east-1", **keys)
    attempts, left = Attempts(client), iter(statuses)

    def answer(**_: object) -> SimpleNamespace:
        status = next(left)
        content = b"{}" if status == HTTPStatus.OK else b'{"__type": "ThrottlingException"}'
        return SimpleNamespace(status_code=status, headers={}, content=content)

    client.meta.events.register("before-send.dynamodb.UpdateItem", answer)

    # When it is made
    attempts.begin()
    client.update_item(TableName="rows", Key={"Id": {"S": "1"}})

    # Then it is known whether the client has waited in between
    assert attempts.number == len(statuses)


def test_the_data_of_the_documentation_are_those_of_every_scenario() -> None:
    assert [each["scenario"] for each in _rows()] == [each.name for each in SCENARIOS]
    assert len(SCENARIOS) >= LEAST


def test_the_verdicts_are_those_of_the_tolerances() -> None:
    for row in _rows():
        predicted, measured = row["predicted"], row["measured"]
        misses = [
            name
            for name, within in (("throughput", THROUGHPUT_WITHIN), ("p95", P95_WITHIN))
            if abs(predicted[name]["value"] - measured[name]["value"])
            > within * measured[name]["value"]
        ]
        misses += ["bottleneck"] if predicted["bottleneck"] != measured["bottleneck"] else []
        assert row["misses"] == misses, row["scenario"]


@pytest.mark.parametrize(
    ("what", "share"), [("bottleneck", RIGHT_BOTTLENECKS), ("throughput", 0.9), ("p95", 0.9)]
)
def test_nearly_every_scenario_is_within_its_tolerance(what: str, share: float) -> None:
    rows = _rows()
    right = sum(what not in each["misses"] for each in rows)

    assert right >= share * len(rows)


def test_what_is_outside_its_tolerance_is_within_the_ranges_of_chance() -> None:
    for row in _rows():
        for name in set(row["misses"]) - {"bottleneck"}:
            predicted, measured = row["predicted"][name], row["measured"][name]
            assert predicted["low"] <= measured["high"], row["scenario"]
            assert measured["low"] <= predicted["high"], row["scenario"]


def test_every_scenario_was_repeated_and_has_its_spread() -> None:
    for row in _rows():
        assert row["repetitions"] == REPETITIONS >= 3
        for found in (row["predicted"], row["measured"]):
            for name in ("throughput", "p95"):
                assert found[name]["low"] <= found[name]["value"] <= found[name]["high"]
        assert set(row["overheads"]) == {"submit", "label", "batch"}


def test_the_analytic_model_names_what_limits_too() -> None:
    assert [each["computed"] for each in _rows()] == [
        limits(each.model)[0].kind for each in SCENARIOS
    ]


def test_the_page_shows_the_table() -> None:
    page = (ROOT / "docs/source/capacity.md").read_text()

    assert "{validation} scenarios" in page
    assert "{validation} overheads" in page
    assert "{validation} verdicts" in page
    assert "{validation} machine" in page
