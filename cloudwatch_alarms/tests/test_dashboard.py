import itertools
import json
from typing import Any

import pytest

from tests.resolver import Resolver
from tests.support import REGION


@pytest.fixture(scope="module")
def widgets(stack: Resolver) -> list[dict[str, Any]]:
    [dashboard] = stack.properties("AWS::CloudWatch::Dashboard").values()
    found: list[dict[str, Any]] = json.loads(dashboard["DashboardBody"])["widgets"]
    return found


def cells(widget: dict[str, Any]) -> set[tuple[int, int]]:
    columns = range(widget["x"], widget["x"] + widget["width"])
    rows = range(widget["y"], widget["y"] + widget["height"])
    return set(itertools.product(columns, rows))


def spelled_out(metrics: list[list[Any]]) -> list[list[Any]]:
    """The metrics with CloudWatch's abbreviations (`.` and `...`) filled in from the row above."""
    rows: list[list[Any]] = []
    for metric in metrics:
        names = [each for each in metric if not isinstance(each, dict)]
        if names[:1] == ["..."]:
            given = names[1:]
            names = rows[-1][: len(rows[-1]) - len(given)] + given
        rows.append([rows[-1][i] if name == "." else name for i, name in enumerate(names)])
    return rows


def test_regions_do_not_overwrite_each_others_dashboard(stack: Resolver) -> None:
    [dashboard] = stack.properties("AWS::CloudWatch::Dashboard").values()
    assert dashboard["DashboardName"] == f"OpenDevOpsCloudWatchAlarms-{REGION}"


def test_it_shows_every_alarm_once(
    widgets: list[dict[str, Any]], alarms: dict[str, dict[str, Any]]
) -> None:
    [widget] = [each for each in widgets if each["type"] == "alarm"]
    assert sorted(widget["properties"]["alarms"]) == sorted(
        f"AWS::CloudWatch::Alarm/{name}.Arn" for name in alarms
    )


def test_every_graph_has_a_title_and_its_own_region(widgets: list[dict[str, Any]]) -> None:
    for widget in widgets:
        assert widget["properties"]["title"]
        if widget["type"] == "metric":
            assert widget["properties"]["region"] == REGION


def test_no_widget_covers_another_or_leaves_the_grid(widgets: list[dict[str, Any]]) -> None:
    assert all(widget["x"] + widget["width"] <= 24 for widget in widgets)
    for one, other in itertools.combinations(widgets, 2):
        assert not cells(one) & cells(other)


def test_no_variable_is_left_over(widgets: list[dict[str, Any]]) -> None:
    assert "${" not in json.dumps(widgets)


def test_whatever_raises_an_alarm_can_be_seen(
    widgets: list[dict[str, Any]], alarms: dict[str, dict[str, Any]]
) -> None:
    # Given
    shown = {
        (row[0], row[1], frozenset(zip(row[2::2], row[3::2], strict=True)))
        for widget in widgets
        if widget["type"] == "metric"
        for row in spelled_out(widget["properties"]["metrics"])
        if row
    }

    # When
    watched = {
        (
            alarm["Namespace"],
            alarm["MetricName"],
            frozenset((each["Name"], each["Value"]) for each in alarm["Dimensions"]),
        )
        for alarm in alarms.values()
    }

    # Then
    assert {metric[:2] for metric in watched - shown} <= {
        ("AWS/Lambda", "Throttles"),
        ("AWS/ApiGateway", "Latency"),
    }
