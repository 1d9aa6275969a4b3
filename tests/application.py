"""The deployed application, as its users, its operators and the tests' accountants see it."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local_aws.cloud import Cloud
from local_aws.logs import Functions

from local_aws import api
from tests.house import HOUSE

PHOTOGRAPHS = sorted((HOUSE / "system_tests/suite/photos").glob("*.jpg"))
# A sweep, should one be needed, comes every minute.
PATIENCE = 150
ENDED = ("CLASSIFIED", "FAILED")


class Application:
    """What a user and an operator can do with the deployed application."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.outputs = cloud.outputs()
        self.submit_route = self._route("SubmitImageAPI")
        self.look_up_route = self._route("GetImageLabelAPI")
        self._table = (
            cloud.session().resource("dynamodb", endpoint_url=cloud.url).Table("ImageLabels")
        )
        self._bucket = (
            cloud.session()
            .resource("s3", endpoint_url=cloud.url)
            .Bucket(self.outputs["OpenDevOpsS3"]["ImagesBucketName"])
        )
        self._stream = _Stream(cloud, self.outputs["OpenDevOpsDynamoDB"]["TableStreamArn"])

    def submit(self, url: str) -> str:
        """Submit a picture and return its id."""
        return str(self.submit_route.get(url=url)["ImageId"])

    def status(self, image_id: str) -> str:
        """Look a picture's status up through the API."""
        return str(self.look_up_route.get(imageId=image_id)["Status"])

    def row(self, image_id: str) -> dict[str, Any]:
        """Read a picture's row; an empty one if there is none."""
        answer = self._table.get_item(Key={"Id": image_id}, ConsistentRead=True)
        return dict(answer.get("Item", {}))

    def age(self, image_id: str, attempts: int) -> None:
        """Make a picture wait since long ago, swept up as often as said."""
        self._table.update_item(
            Key={"Id": image_id},
            UpdateExpression="SET PendingSince = :since, Attempts = :attempts",
            ExpressionAttributeValues={":since": "2020-01-01T00:00:00.000Z", ":attempts": attempts},
        )

    def times_tried(self, image_id: str) -> int:
        """Count how often the labeller had a picture at hand, by its log."""
        client = self.cloud.session().client("logs", endpoint_url=self.cloud.url)
        lines = Functions(client, ["InvokeLabeller"]).lines()
        return sum(image_id in line and "Picture " in line for line in lines)

    def rows(self) -> list[dict[str, Any]]:
        """Read all rows."""
        scan = self._table.meta.client.get_paginator("scan")
        pages = scan.paginate(TableName=self._table.name, ConsistentRead=True)
        return [dict(item) for page in pages for item in page["Items"]]

    def pictures(self) -> set[str]:
        """Return the ids of the pictures in the bucket."""
        return {picture.key for picture in self._bucket.objects.all()}

    def delete_row(self, image_id: str) -> None:
        """Delete a picture's row, as its expiry does."""
        self._table.delete_item(Key={"Id": image_id})

    def delete_object(self, image_id: str) -> None:
        """Delete a picture's object, as its expiry does."""
        self._bucket.Object(image_id).delete()

    def invoke(self, output: str, event: object) -> Any:
        """Invoke the function that an output of invoke_labeller names, and return its result."""
        name = self.outputs["OpenDevOpsInvokeLabeller"][output]
        client = self.cloud.session().client("lambda", endpoint_url=self.cloud.url)
        answer = client.invoke(FunctionName=name, Payload=json.dumps(event).encode())
        result = json.loads(answer["Payload"].read())
        assert not answer.get("FunctionError"), result
        return result

    def changes(self) -> list[dict[str, Any]]:
        """Read every record that the table's stream has had, oldest first."""
        return self._stream.read()

    def times_labelled(self) -> Counter[str]:
        """Count, by picture, how often a row came to be CLASSIFIED."""
        return self.times_ended("CLASSIFIED")

    def times_ended(self, *statuses: str) -> Counter[str]:
        """Count, by picture, how often a row came to have one of these statuses (or any end)."""
        return Counter(
            record["dynamodb"]["Keys"]["Id"]["S"]
            for record in self.changes()
            if record["dynamodb"].get("NewImage", {}).get("Status", {}).get("S")
            in (statuses or ENDED)
        )

    def _route(self, output: str) -> api.Route:
        return api.find(output, self.outputs, self.cloud.url, self.cloud.settings.region)


class _Stream:
    """The table's stream, of which each record is fetched once."""

    def __init__(self, cloud: Cloud, arn: str) -> None:
        self._client = cloud.session().client("dynamodbstreams", endpoint_url=cloud.url)
        self._arn = arn
        self._records: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def read(self) -> list[dict[str, Any]]:
        with self._lock:
            (shard,) = self._client.describe_stream(StreamArn=self._arn)["StreamDescription"][
                "Shards"
            ]
            last = self._records[-1]["dynamodb"]["SequenceNumber"] if self._records else ""
            iterator = self._client.get_shard_iterator(
                StreamArn=self._arn,
                ShardId=shard["ShardId"],
                **(
                    {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": last}
                    if last
                    else {"ShardIteratorType": "TRIM_HORIZON"}
                ),
            )["ShardIterator"]
            while (
                iterator and (page := self._client.get_records(ShardIterator=iterator))["Records"]
            ):
                for record in page["Records"]:
                    # JSON has no dates, and a function is sent JSON.
                    record["dynamodb"].pop("ApproximateCreationDateTime", None)
                    self._records.append(dict(record))
                iterator = page.get("NextShardIterator", "")
            return list(self._records)


def broken_picture(directory: Path) -> Path:
    """Make a photograph whose file ends too early: it is accepted, and cannot be decoded."""
    broken = directory / "broken.jpg"
    broken.write_bytes(PHOTOGRAPHS[0].read_bytes()[:2000])
    return broken


def eventually(condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait until a condition holds, or fail when the time is up."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.2)
