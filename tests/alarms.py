"""Evaluates the deployed alarms on what the functions report: the emulator ignores dimensions."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from alarm_evaluation import Datum

from tests.application import Application


def reported(messages: Iterable[str]) -> list[Datum]:
    """Read the metrics out of what functions wrote to their logs.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    data: list[Datum] = []
    for message in messages:
        try:
            document = json.loads(message)
        except ValueError:
            continue
        if isinstance(document, dict) and "_aws" in document:
            data += _data(document)
    return data


def _data(document: Mapping[str, Any]) -> Iterable[Datum]:
    at = document["_aws"]["Timestamp"] / 1000
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = frozenset((name, str(document[name])) for name in names)
            for metric in directive["Metrics"]:
                value = document[metric["Name"]]
                values = tuple(value) if isinstance(value, list) else (value,)
                yield Datum(directive["Namespace"], metric["Name"], dimensions, at, values)


def deployed(application: Application) -> dict[str, dict[str, Any]]:
    """Return the alarms of the stack cloudwatch_alarms by the ends of their names."""
    cloud = application.cloud
    client = cloud.session().client("cloudwatch", endpoint_url=cloud.url)
    pages = client.get_paginator("describe_alarms").paginate()
    return {
        str(alarm["AlarmName"]).split("-")[1]: dict(alarm)
        for page in pages
        for alarm in page["MetricAlarms"]
    }
