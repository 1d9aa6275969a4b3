"""Rows of the table that wait for their labels, with their pictures in the bucket."""

import hashlib
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from benchmark.application import Application
from benchmark.errors import BenchmarkError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import WriteRequestTypeDef

# What a call writes at most.
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
AT_ONCE = 25
INTERVAL = 0.1
# Seconds in which at least one picture must be labelled: no batch takes longer, on any machine.
LONGEST = 300.0


def row(image: str, picture: bytes, now: datetime) -> dict[str, str | int]:
    """Return the attributes that a submission writes.

    Args:
        image: The picture's id.
        picture: Its file.
        now: When it was submitted.
    """
    at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "Id": image,
        "Status": "NOT_CLASSIFIED",
        "Label": "NOT_CLASSIFIED",
        "SourceUrl": "https://example.com/picture.jpg",
        "ContentType": "image/jpeg",
        "ContentLength": len(picture),
        "Width": 640,
        "Height": 480,
        "Sha256": hashlib.sha256(picture).hexdigest(),
        "SubmittedAt": at,
        "ExpiresAt": int((now + timedelta(days=1)).timestamp()),
        "PendingShard": image[0],
        "PendingSince": at,
        "Attempts": 0,
    }


class Rows:
    """Pictures that are stored once, and whose rows are inserted each time they are labelled.

    Args:
        application: Where.
        album: The pictures; each is stored several times.
        count: How many rows.
    """

    def __init__(self, application: Application, album: Sequence[bytes], count: int) -> None:
        self._application = application
        self.pictures = {str(uuid.uuid4()): album[n % len(album)] for n in range(count)}
        for image, picture in self.pictures.items():
            application.s3.put_object(Bucket=application.bucket, Key=image, Body=picture)

    def delete(self) -> None:
        """Delete rows and pictures."""
        self._write([{"DeleteRequest": {"Key": {"Id": {"S": image}}}} for image in self.pictures])
        for image in self.pictures:
            self._application.s3.delete_object(Bucket=self._application.bucket, Key=image)

    def label(self) -> float:
        """Insert the rows, wait until the last one is labelled, and delete them.

        Returns:
            Pictures a second, from before the first was inserted.

        Raises:
            BenchmarkError: If one fails, or is not labelled in time.
        """
        now = datetime.now(UTC)
        began = time.perf_counter()
        try:
            self._write(
                [
                    {"PutRequest": {"Item": _item(row(image, picture, now))}}
                    for image, picture in self.pictures.items()
                ]
            )
            self._wait()
            return len(self.pictures) / (time.perf_counter() - began)
        finally:
            self._write(
                [{"DeleteRequest": {"Key": {"Id": {"S": image}}}} for image in self.pictures]
            )

    def _wait(self) -> None:
        """Wait for the last row, and then for any that it has overtaken.

        Until then only the last one is read: counting all takes the emulator as much processor
        time as it takes to label some pictures.
        """
        *_, last = self.pictures
        waiting, since = len(self.pictures), time.monotonic()
        while True:
            late = time.monotonic() > since + LONGEST
            if late or not self._waits(last):
                now = self._count("NOT_CLASSIFIED")
                if now == 0 or (late and now == waiting):
                    break
                if now < waiting:
                    waiting, since = now, time.monotonic()
            time.sleep(INTERVAL)
        labelled = self._count("CLASSIFIED")
        if labelled != len(self.pictures):
            raise BenchmarkError(
                f"{self._application.name}: of {len(self.pictures)} pictures {labelled} were "
                f"labelled, and {now} wait although none was labelled for {LONGEST:.0f} s."
                if now
                else f"{self._application.name}: of {len(self.pictures)} pictures {labelled} were "
                "labelled, and the others failed."
            )

    def _waits(self, image: str) -> bool:
        found = self._application.dynamodb.get_item(
            TableName=self._application.table, Key={"Id": {"S": image}}, ConsistentRead=True
        )
        return found.get("Item", {}).get("Status") == {"S": "NOT_CLASSIFIED"}

    def _count(self, status: str) -> int:
        found = self._application.dynamodb.scan(
            TableName=self._application.table,
            Select="COUNT",
            FilterExpression="#status = :status AND SourceUrl = :url",
            ExpressionAttributeNames={"#status": "Status"},
            ExpressionAttributeValues={
                ":status": {"S": status},
                ":url": {"S": "https://example.com/picture.jpg"},
            },
        )
        return found["Count"]

    def _write(self, requests: "list[WriteRequestTypeDef]") -> None:
        for first in range(0, len(requests), AT_ONCE):
            self._application.dynamodb.batch_write_item(
                RequestItems={self._application.table: requests[first : first + AT_ONCE]}
            )


def _item(attributes: dict[str, str | int]) -> "dict[str, dict[str, str]]":
    return {
        name: {"S": value} if isinstance(value, str) else {"N": str(value)}
        for name, value in attributes.items()
    }


@contextmanager
def invoking(application: Application, function: str | None) -> Iterator[None]:
    """Have the table's stream invoke another function for the block, or none.

    Args:
        application: Whose stream.
        function: Which function; None for none.
    """
    labeller = str(application.configuration("invoke_labeller")["FunctionName"])
    (found,) = application.functions.list_event_source_mappings(FunctionName=labeller)[
        "EventSourceMappings"
    ]
    update = application.functions.update_event_source_mapping
    update(UUID=found["UUID"], FunctionName=function or labeller, Enabled=function is not None)
    try:
        yield
    finally:
        update(UUID=found["UUID"], FunctionName=labeller, Enabled=True)
