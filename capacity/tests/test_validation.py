"""The comparison with the embedded cloud: it runs, and the documentation shows its verdicts."""

import json
from dataclasses import replace
from typing import Any

import pytest
from local_aws.settings import ROOT, Settings

from capacity.validation.cli import DATA, run
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
    found = run(chosen, Settings.read())

    # A busy machine shifts times; what limits stays the same.
    assert [each.measured.bottleneck for each in found] == ["api", "endpoint"]
    assert [each.predicted.bottleneck for each in found] == ["api", "endpoint"]
    assert all(each.measured.throughput > 0 for each in found)


def test_the_data_of_the_documentation_are_those_of_every_scenario() -> None:
    assert [each["scenario"] for each in _rows()] == [each.name for each in SCENARIOS]
    assert len(SCENARIOS) >= LEAST


def test_the_verdicts_are_those_of_the_tolerances() -> None:
    for row in _rows():
        predicted, measured = row["predicted"], row["measured"]
        misses = [
            name
            for name, within in (("throughput", THROUGHPUT_WITHIN), ("p95", P95_WITHIN))
            if abs(predicted[name] - measured[name]) > within * measured[name]
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


def test_the_page_shows_the_table() -> None:
    page = (ROOT / "docs/source/capacity.md").read_text()

    assert "{validation} scenarios" in page
    assert "{validation} machine" in page
