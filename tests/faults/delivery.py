"""Delivers the stream's records to a function by the model of the event source mapping."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from event_source_mapping import EventSourceMapping, Record

from tests.application import Application
from tests.faults.functions import Function, Invocation, lambda_client

WAITING = "NOT_CLASSIFIED"


class VirtualClock:
    """Time that passes when the model says so."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)


class CrashError(Exception):
    """The function ended without returning: to Lambda, an error of the whole batch."""


@dataclass
class Delivery:
    """What came of a delivery.

    Attributes:
        mapping: The model, with the settings that are deployed.
        invocations: What the function did, each time.
    """

    mapping: EventSourceMapping
    invocations: list[Invocation] = field(default_factory=list)
    _pictures: dict[str, str] = field(default_factory=dict)

    def deliver(self, records: Sequence[dict[str, Any]], function: Function) -> None:
        """Deliver records until the mapping is done with each.

        Raises:
            ExceptionGroup: An invocation did not come to its end, for reasons of the test's own.
        """
        # The sweep may have touched a picture already, and then it has two records.
        self._pictures |= {
            record["dynamodb"]["SequenceNumber"]: record["dynamodb"]["Keys"]["Id"]["S"]
            for record in records
        }
        clock = VirtualClock()
        written = clock().timestamp()

        # The mapping takes whatever is raised for a failure of the function.
        errors: list[Exception] = []

        def invoke(event: dict[str, Any]) -> dict[str, Any]:
            try:
                invocation = function.invoke(event)
            except Exception as error:
                errors.append(error)
                raise
            self.invocations.append(invocation)
            if invocation.crashed:
                raise CrashError
            result: dict[str, Any] = invocation.result
            return result

        self.mapping.deliver([Record(record, written) for record in records], invoke, clock)
        if errors:
            raise ExceptionGroup("The function could not be invoked", errors)

    @property
    def crashes(self) -> int:
        """How often the function ended without returning."""
        return sum(invocation.crashed for invocation in self.invocations)

    @property
    def given_back(self) -> int:
        """How many pictures the function wanted to be delivered again, each time."""
        return sum(
            len({self._pictures[item["itemIdentifier"]] for item in failures})
            for failures in (
                invocation.result["batchItemFailures"]
                for invocation in self.invocations
                if not invocation.crashed
            )
        )


def deployed_mapping(application: Application) -> EventSourceMapping:
    """Return the model with the settings of the deployed event source mapping."""
    client = lambda_client(application.cloud)
    name = application.outputs["OpenDevOpsInvokeLabeller"]["FunctionName"]
    (settings,) = client.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    return EventSourceMapping(
        batch_size=settings["BatchSize"],
        maximum_retry_attempts=settings["MaximumRetryAttempts"],
        maximum_record_age=settings["MaximumRecordAgeInSeconds"],
        bisect=settings["BisectBatchOnFunctionError"],
        partial=settings["FunctionResponseTypes"] == ["ReportBatchItemFailures"],
    )


def waiting_records(
    application: Application, pictures: Sequence[str], *names: str
) -> list[dict[str, Any]]:
    """Return the records of pictures that the mapping's filter passes, oldest first.

    Args:
        application: The application.
        pictures: The pictures' ids.
        *names: The events wanted, INSERT or MODIFY; both if none is named.
    """
    return [
        record
        for record in application.changes()
        if record["eventName"] in (names or ("INSERT", "MODIFY"))
        and record["dynamodb"]["Keys"]["Id"]["S"] in pictures
        and record["dynamodb"]["NewImage"]["Status"]["S"] == WAITING
    ]
