"""The deployed application, with what is needed to make each function do each of its tasks."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import urllib3
from local_aws.cloud import Cloud
from local_aws.using import api

from tests.application import PHOTOGRAPHS, Application, upload
from tests.privileges.roles import client

SUBMIT_IMAGE = ("OpenDevOpsSubmitImage", "FunctionName")
GET_IMAGE_LABEL = ("OpenDevOpsGetImageLabel", "FunctionName")
INVOKE_LABELLER = ("OpenDevOpsInvokeLabeller", "FunctionName")
SWEEP = ("OpenDevOpsInvokeLabeller", "SweepFunctionName")
LONG_AGO = "2026-01-01T00:00:00.000Z"


class FunctionError(Exception):
    """A function raised instead of answering."""


class System(Application):
    """The deployed application, and the account's owner, who may do anything."""

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self._lambda = client(cloud, "lambda")
        self._dynamodb = client(cloud, "dynamodb")

    def function(self, which: tuple[str, str]) -> str:
        """Return a function's name."""
        stack, output = which
        return self.outputs[stack][output]

    def ask(self, which: tuple[str, str], event: object) -> Any:
        """Invoke a function directly and return its result."""
        answer = self._lambda.invoke(FunctionName=self.function(which), Payload=json.dumps(event))
        result = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise FunctionError(result)
        return result

    def tell(self, which: tuple[str, str], event: object) -> None:
        """Invoke a function and don't wait for it."""
        self._lambda.invoke(
            FunctionName=self.function(which),
            InvocationType="Event",
            Payload=json.dumps(event),
        )

    def post(self, url: str) -> str:
        """Submit a picture by POST and return its id."""
        route = api.find("SubmitImageAPI", self.outputs, self.cloud.url, self.cloud.settings.region)
        with urllib3.PoolManager(retries=False, timeout=60) as pool:
            answer = pool.request(
                "POST", route.url, json={"url": url}, headers={"x-api-key": str(route.key)}
            )
        return str(answer.json()["ImageId"])

    def upload(self, picture: Path = PHOTOGRAPHS[0]) -> str:
        """Return a URL by which the application can fetch a picture."""
        return upload(self.cloud, picture)

    def add_row(self, **more: Any) -> str:
        """Add the row of a picture that waits, and no object."""
        image_id = str(uuid.uuid4())
        waiting = {"Status": "NOT_CLASSIFIED", "SubmittedAt": LONG_AGO}
        pending = {"PendingShard": image_id[0], "PendingSince": LONG_AGO}
        self._table.put_item(Item={"Id": image_id, **waiting, **pending, **more})
        return image_id

    def add_picture(self) -> str:
        """Add an object and its row."""
        image_id = self.add_row()
        bucket = self.outputs["OpenDevOpsS3"]["ImagesBucketName"]
        picture = PHOTOGRAPHS[0].read_bytes()
        client(self.cloud, "s3").put_object(Bucket=bucket, Key=image_id, Body=picture)
        return image_id

    def label(self, image_id: str) -> bool:
        """Have the labeller label a picture as if the stream had delivered it; False where not."""
        record = {
            "eventName": "INSERT",
            "dynamodb": {
                "Keys": {"Id": {"S": image_id}},
                "NewImage": {"Status": {"S": "NOT_CLASSIFIED"}},
                "SequenceNumber": "1",
            },
        }
        answer = self.ask(INVOKE_LABELLER, {"Records": [record]})
        assert answer["batchItemFailures"] in ([], [{"itemIdentifier": "1"}])
        return not answer["batchItemFailures"]

    @contextmanager
    def mapping(self, **changed: Any) -> Iterator[None]:
        """Configure the mapping from the stream to the labeller differently for a while."""
        name = self.function(INVOKE_LABELLER)
        (found,) = self._lambda.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        before = {"Enabled": True, "MaximumRecordAgeInSeconds": found["MaximumRecordAgeInSeconds"]}
        self._lambda.update_event_source_mapping(UUID=found["UUID"], **changed)
        try:
            yield
        finally:
            self._lambda.update_event_source_mapping(UUID=found["UUID"], **before)

    @contextmanager
    def broken_labeller(self) -> Iterator[None]:
        """Have the labeller raise for a while, whatever it is given."""
        name = self.function(INVOKE_LABELLER)
        handler = self._lambda.get_function_configuration(FunctionName=name)["Handler"]
        self._lambda.update_function_configuration(FunctionName=name, Handler="missing.handle")
        try:
            yield
        finally:
            self._lambda.update_function_configuration(FunctionName=name, Handler=handler)

    def sweep_on_schedule(self) -> None:
        """Bring the schedule forward: another one, with the same target and role, for now."""
        scheduler = client(self.cloud, "scheduler")
        (deployed,) = (
            scheduler.get_schedule(Name=each["Name"])
            for each in scheduler.list_schedules(NamePrefix="OpenDevOps")["Schedules"]
        )
        scheduler.create_schedule(
            Name=f"now-{uuid.uuid4()}",
            ScheduleExpression=f"at({datetime.now(UTC):%Y-%m-%dT%H:%M:%S})",
            FlexibleTimeWindow=deployed["FlexibleTimeWindow"],
            Target=deployed["Target"],
            ActionAfterCompletion="DELETE",
        )

    def given_up(self) -> list[Any]:
        """Return the last messages in the dead-letter queue, and hide them for a while."""
        received = client(self.cloud, "sqs").receive_message(**self._queue, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in received.get("Messages", [])]

    def forget_given_up(self) -> None:
        """Empty the dead-letter queue."""
        client(self.cloud, "sqs").purge_queue(**self._queue)

    def logged(self, group: str) -> int:
        """Count the events of a log group."""
        logs = client(self.cloud, "logs")
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        return sum(len(page["events"]) for page in pages)

    @property
    def _queue(self) -> dict[str, str]:
        return {"QueueUrl": self.outputs["OpenDevOpsInvokeLabeller"]["DeadLetterQueueUrl"]}
