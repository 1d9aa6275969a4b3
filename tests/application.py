"""The deployed application, as its users, its operators and the tests' accountants see it."""

import functools
import json
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import urllib3
from local_aws.clients import TIMEOUTS, session
from local_aws.cloud import Cloud
from local_aws.using import api
from local_aws.using.logs import Functions

from tests.project import PROJECT

PHOTOGRAPHS = sorted((PROJECT / "system_tests/suite/photos").glob("*.jpg"))
# A sweep, should one be needed, comes every minute.
TIMEOUT = 150
ENDED = ("CLASSIFIED", "FAILED")
CREATED = 201
NO_CONTENT = 204
THROTTLED = 429
FIRST_ERROR = 400


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
        return str(get(self.submit_route, url=url)["ImageId"])

    def call(self, method: str, path: str, **how: Any) -> urllib3.BaseHTTPResponse:
        """Call a route of the API that submits, again while it is throttled.

        Args:
            method: The HTTP method.
            path: The route's path, without a slash.
            how: What urllib3 takes.
        """
        url = f"{self.submit_route.url.rpartition('/')[0]}/{path}"
        headers = {"x-api-key": str(self.submit_route.key)}
        with urllib3.PoolManager(retries=False, timeout=60) as pool:
            while True:
                answer = pool.request(method, url, headers=headers, **how)
                if answer.status != THROTTLED:
                    return answer
                time.sleep(float(answer.headers.get("Retry-After", 1)))

    def offer(self, content: bytes, content_type: str = "image/jpeg") -> dict[str, Any]:
        """Ask for the upload of a file."""
        file = {"contentType": content_type, "contentLength": len(content)}
        answer = self.call("POST", "uploads", json=file)
        assert answer.status == CREATED, answer.data
        return dict(answer.json())

    def upload_by_form(self, content: bytes) -> str:
        """Upload a JPEG as a browser does, and return the id to submit it with."""
        offer = self.offer(content)
        answer = send_form(offer, content)
        assert answer.status == NO_CONTENT, answer.data
        return str(offer["UploadId"])

    def withdraw(self, image_id: str) -> None:
        """Withdraw a picture."""
        answer = self.call("DELETE", "submit-image", fields={"imageId": image_id})
        assert answer.status == NO_CONTENT, answer.data

    def status(self, image_id: str) -> str:
        """Look a picture's status up through the API."""
        return str(get(self.look_up_route, imageId=image_id)["Status"])

    def labels(self, image_id: str) -> list[str]:
        """Look the names of a labelled picture's labels up through the API, best first."""
        answer = get(self.look_up_route, imageId=image_id)
        return [str(label["Name"]) for label in answer["Labels"]]

    def row(self, image_id: str) -> dict[str, Any]:
        """Read a picture's row; an empty one if there is none."""
        answer = self._table.get_item(Key={"Id": image_id}, ConsistentRead=True)
        return dict(answer.get("Item", {}))

    def age(self, image_id: str, *, last_attempt: bool = False) -> None:
        """Make a picture wait since long ago, and send it for its last attempt where asked."""
        more, values = "", {":since": "2020-01-01T00:00:00.000Z"}
        if last_attempt:
            # The sweep gives up a picture whose last attempt began long ago.
            more = ", SweptSince = :since, LastAttemptAt = :now"
            values[":now"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        self._table.update_item(
            Key={"Id": image_id},
            UpdateExpression=f"SET PendingSince = :since{more}",
            ExpressionAttributeValues=values,
        )

    def times_tried(self, image_id: str) -> int:
        """Count how often the labeller had a picture at hand, by its log."""
        client = self.cloud.session().client("logs", endpoint_url=self.cloud.url)
        entries = Functions(client, ["InvokeLabeller"], sys.maxsize).entries()
        return sum(image_id in each.message and "Picture " in each.message for each in entries)

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

    def add_upload(self, content: bytes, upload_id: str = "") -> str:
        """Upload a file as the account's owner, and return the id to submit it with."""
        made = upload_id or str(uuid.uuid4())
        self._bucket.Object(f"uploads/{made}").put(Body=content)
        return made

    def replace_object(self, image_id: str, content: bytes) -> None:
        """Put another file in a picture's place, as nobody but the account's owner may."""
        self._bucket.Object(image_id).put(Body=content)

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


def get(route: api.Route, **query: str) -> dict[str, Any]:
    """Call a route, and return the document that it answers with."""
    headers = {"x-api-key": route.key} if route.key else {}
    with urllib3.PoolManager(retries=False, timeout=60) as pool:
        answer = pool.request("GET", route.url, fields=query, headers=headers)
    assert answer.status < FIRST_ERROR, answer.data
    return dict(answer.json())


def upload(cloud: Cloud, file: Path) -> str:
    """Upload a picture to the bucket for code, and return a URL that the application can fetch."""
    s3 = _s3(cloud.url, cloud.settings.region)
    [bucket] = [o["CodeBucketName"] for o in cloud.outputs().values() if "CodeBucketName" in o]
    # The bucket's lifecycle removes what is under this prefix.
    where = {"Bucket": bucket, "Key": f"uploads/{uuid.uuid4()}"}
    s3.put_object(**where, Body=file.read_bytes())
    return str(s3.generate_presigned_url("get_object", Params=where, ExpiresIn=900))


@functools.cache
def _s3(url: str, region: str) -> Any:
    return session(region).client("s3", endpoint_url=url, config=TIMEOUTS)


def send_form(offer: dict[str, Any], content: bytes, **changed: str) -> urllib3.BaseHTTPResponse:
    """Send a file by the form of an offer.

    Args:
        offer: The answer of POST /uploads.
        content: The file.
        changed: Fields of the form with other values, `_` for `-`.
    """
    fields = offer["Fields"] | {name.replace("_", "-"): value for name, value in changed.items()}
    with urllib3.PoolManager(retries=False, timeout=60) as pool:
        return pool.request(
            "POST", offer["Url"], fields=[*fields.items(), ("file", ("a", content))]
        )


def withdrawal(image_id: str) -> dict[str, Any]:
    """Return a withdrawal as API Gateway passes it on."""
    return {
        "httpMethod": "DELETE",
        "resource": "/submit-image",
        "queryStringParameters": {"imageId": image_id},
    }


def broken_picture(directory: Path) -> Path:
    """Make a photograph whose file ends too early: it is accepted, and cannot be decoded."""
    broken = directory / "broken.jpg"
    broken.write_bytes(PHOTOGRAPHS[0].read_bytes()[:2000])
    return broken


def eventually(condition: Callable[[], bool], timeout: float = TIMEOUT) -> None:
    """Wait until a condition holds, or fail when the time is up."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.2)
