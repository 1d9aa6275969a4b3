"""Evaluates CloudWatch alarms on metric data, as far as this project's alarms go.

The emulators ignore an alarm's dimensions, percentiles and missing data.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

type Dimensions = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Datum:
    """Values of a metric that were reported together.

    Attributes:
        namespace: The metric's namespace.
        name: Its name.
        dimensions: Its dimensions, all of them: each set of dimensions is a metric of its own.
        at: When, in seconds since the epoch.
        values: The values.
    """

    namespace: str
    name: str
    dimensions: Dimensions
    at: float
    values: tuple[float, ...]


def raised(alarm: Mapping[str, Any], data: Sequence[Datum], now: float) -> bool:
    """Tell whether an alarm was raised at any time by what was reported.

    Args:
        alarm: The alarm, as CloudWatch describes it.
        data: What was reported.
        now: The end of the time that is looked at, in seconds since the epoch.

    Returns:
        Whether any run of periods raises it. CloudWatch's begin at full minutes; here they begin at
        every datum, so none that it could choose is left out.

    Raises:
        NotImplementedError: If the alarm has a statistic or a comparison that is not known here.
    """
    own = [datum for datum in data if _is_watched(alarm, datum)]
    period, periods = int(alarm["Period"]), int(alarm["EvaluationPeriods"])
    silence_counts = alarm["TreatMissingData"] == "breaching"
    starts = {now - period * periods} if silence_counts else {datum.at for datum in own}
    return any(
        all(_breaches(alarm, own, start + n * period) for n in range(periods)) for start in starts
    )


def _is_watched(alarm: Mapping[str, Any], datum: Datum) -> bool:
    dimensions = frozenset((each["Name"], each["Value"]) for each in alarm["Dimensions"])
    watched = (alarm["Namespace"], alarm["MetricName"], dimensions)
    return watched == (datum.namespace, datum.name, datum.dimensions)


def _breaches(alarm: Mapping[str, Any], data: Sequence[Datum], start: float) -> bool:
    end = start + int(alarm["Period"])
    values = [value for datum in data if start <= datum.at < end for value in datum.values]
    if not values:
        return bool(alarm["TreatMissingData"] == "breaching")
    figure, threshold = _statistic(alarm, values), float(alarm["Threshold"])
    match alarm["ComparisonOperator"]:
        case "GreaterThanThreshold":
            return figure > threshold
        case "LessThanThreshold":
            return figure < threshold
        case other:
            raise NotImplementedError(other)


def _statistic(alarm: Mapping[str, Any], values: Sequence[float]) -> float:
    match alarm.get("ExtendedStatistic") or alarm["Statistic"]:
        case "Sum":
            return sum(values)
        case "Maximum":
            return max(values)
        case "p95":
            return quantiles([*values, *values], n=20)[-1]
        case other:
            raise NotImplementedError(other)
