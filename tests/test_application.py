"""The application as a whole, deployed from its templates and packages to the embedded cloud."""

import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from local_aws.cloud import Cloud
from local_aws.labelling import lend
from local_aws.plans import ENDPOINT

from local_aws import api, processes
from tests.house import HOUSE

PHOTOGRAPHS = sorted((HOUSE / "system_tests/suite/photos").glob("*.jpg"))
# A sweep, should one be needed, comes every minute.
PATIENCE = 150


class Application:
    """What a user and an operator can do with the deployed application."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.outputs = cloud.outputs()
        self._submit = self._route("SubmitImageAPI")
        self._look_up = self._route("GetImageLabelAPI")
        self._table = (
            cloud.session().resource("dynamodb", endpoint_url=cloud.url).Table("ImageLabels")
        )

    def submit(self, url: str) -> str:
        """Submit a picture and return its id."""
        return str(self._submit.get(url=url)["ImageId"])

    def status(self, image_id: str) -> str:
        """Look a picture's status up through the API."""
        return str(self._look_up.get(imageId=image_id)["Status"])

    def row(self, image_id: str) -> dict[str, Any]:
        """Read a picture's row."""
        return dict(self._table.get_item(Key={"Id": image_id}, ConsistentRead=True)["Item"])

    def invoke(self, output: str, event: object) -> Any:
        """Invoke the function that an output of invoke_labeller names, and return its result."""
        name = self.outputs["OpenDevOpsInvokeLabeller"][output]
        client = self.cloud.session().client("lambda", endpoint_url=self.cloud.url)
        answer = client.invoke(FunctionName=name, Payload=json.dumps(event).encode())
        result = json.loads(answer["Payload"].read())
        assert not answer.get("FunctionError"), result
        return result

    def changes(self) -> list[dict[str, Any]]:
        """Read every record that the table's stream still holds, oldest first."""
        client = self.cloud.session().client("dynamodbstreams", endpoint_url=self.cloud.url)
        arn = self.outputs["OpenDevOpsDynamoDB"]["TableStreamArn"]
        records: list[dict[str, Any]] = []
        for shard in client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            iterator = client.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            while iterator and (page := client.get_records(ShardIterator=iterator))["Records"]:
                records += [dict(record) for record in page["Records"]]
                iterator = page.get("NextShardIterator", "")
        return records

    def times_labelled(self) -> Counter[str]:
        """Count, by picture, how often a row came to be CLASSIFIED."""
        return Counter(
            record["dynamodb"]["Keys"]["Id"]["S"]
            for record in self.changes()
            if record["dynamodb"].get("NewImage", {}).get("Status", {}).get("S") == "CLASSIFIED"
        )

    def _route(self, output: str) -> api.Route:
        return api.find(output, self.outputs, self.cloud.url, self.cloud.settings.region)


@pytest.fixture(scope="module")
def application(cloud: Cloud) -> Application:
    return Application(cloud)


@pytest.fixture
def endpoint_down(cloud: Cloud) -> Iterator[Callable[[], None]]:
    """Stop the model's endpoint; the value starts it again."""
    processes.stop(cloud.server(ENDPOINT).process)
    yield cloud.up
    cloud.up()


def eventually(condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait until a condition holds, or fail when the time is up."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.2)


@pytest.mark.timeout(600)
def test_the_shared_system_tests_pass(cloud: Cloud) -> None:
    done = subprocess.run(
        ["make", "-C", str(HOUSE / "system_tests"), "system-test"],
        env=os.environ | cloud.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_burst_of_pictures_is_labelled_exactly_once_each(application: Application) -> None:
    urls = [lend(application.cloud, PHOTOGRAPHS[n % len(PHOTOGRAPHS)]) for n in range(40)]

    with ThreadPoolExecutor(8) as pool:
        images = list(pool.map(application.submit, urls))

    assert len(set(images)) == len(urls)
    eventually(lambda: all(application.status(image) == "CLASSIFIED" for image in images))
    labelled = application.times_labelled()
    assert {image: labelled[image] for image in images} == dict.fromkeys(images, 1)


def test_a_record_that_is_delivered_again_changes_nothing(application: Application) -> None:
    image = application.submit(lend(application.cloud, PHOTOGRAPHS[0]))
    eventually(lambda: application.status(image) == "CLASSIFIED")
    before = application.row(image)
    record = next(
        change
        for change in application.changes()
        if change["eventName"] == "INSERT" and change["dynamodb"]["Keys"]["Id"]["S"] == image
    )
    record["dynamodb"].pop("ApproximateCreationDateTime", None)

    result = application.invoke("FunctionName", {"Records": [record, record]})

    assert result == {"batchItemFailures": []}
    assert application.row(image) == before
    assert application.times_labelled()[image] == 1


@pytest.mark.timeout(600)
def test_pictures_wait_for_an_endpoint_that_is_down_and_none_is_lost(
    application: Application, endpoint_down: Callable[[], None]
) -> None:
    images = [application.submit(lend(application.cloud, photo)) for photo in PHOTOGRAPHS]
    # Long enough for the stream to have tried them.
    eventually(lambda: len(application.changes()) > 0)
    time.sleep(3)
    waiting = [application.status(image) for image in images]

    endpoint_down()
    application.invoke("SweepFunctionName", {"olderThanSeconds": 0})

    assert waiting == ["NOT_CLASSIFIED"] * len(images)
    eventually(lambda: all(application.status(image) == "CLASSIFIED" for image in images))
    labelled = application.times_labelled()
    assert {image: labelled[image] for image in images} == dict.fromkeys(images, 1)


def test_a_picture_that_cannot_be_decoded_fails_with_a_reason(
    application: Application, tmp_path: Any
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(PHOTOGRAPHS[0].read_bytes()[:2000])

    image = application.submit(lend(application.cloud, broken))

    eventually(lambda: application.status(image) == "FAILED")
    row = application.row(image)
    assert row["FailureReason"]
    assert "PendingSince" not in row
