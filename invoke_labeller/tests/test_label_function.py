import importlib
from typing import Any

import pytest
from mypy_boto3_dynamodb import DynamoDBClient
from mypy_boto3_s3 import S3Client

from lambda_common.environment import SettingsError
from tests.conftest import BUCKET, TABLE, insert, row
from tests.endpoint_server import Answer, EndpointServer
from tests.pictures import PHOTO
from tests.support import FakeContext, record

ENVIRONMENT = {
    "TABLE_NAME": TABLE,
    "BUCKET_NAME": BUCKET,
    "ENDPOINT_NAME": "open-devops-image-labeller",
    "MODEL_NAME": "inception",
    "MODEL_VERSION": "3.0.2",
    "THREADS": "4",
    "POWERTOOLS_SERVICE_NAME": "invoke_labeller",
    "POWERTOOLS_METRICS_NAMESPACE": "ImageLabeller",
}


def load() -> Any:
    """Load the function as Lambda does when it starts one."""
    module = importlib.import_module("invoke_labeller.label_function")
    return importlib.reload(module).handler


@pytest.fixture
def handle(
    monkeypatch: pytest.MonkeyPatch,
    endpoint: EndpointServer,
    dynamodb: DynamoDBClient,  # noqa: ARG001 - the table must be there
) -> Any:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", endpoint.url)
    return load()


def test_a_stored_picture_is_labelled_from_end_to_end(
    handle: Any, dynamodb: DynamoDBClient, s3: S3Client, endpoint: EndpointServer
) -> None:
    s3.put_object(Bucket=BUCKET, Key="a", Body=PHOTO)
    insert(dynamodb, "a")

    answer = handle({"Records": [record("a", 1)]}, FakeContext())

    assert answer == {"batchItemFailures": []}
    assert row(dynamodb, "a")["Label"] == {"S": "Egyptian cat, tabby, tiger cat, lynx, pug"}
    assert row(dynamodb, "a")["Model"]["M"]["Name"] == {"S": "inception"}
    assert endpoint.requests[0][2].startswith(b"\xff\xd8")


def test_a_whole_batch_that_meets_a_cold_endpoint_asks_the_model_once_for_each(
    handle: Any, dynamodb: DynamoDBClient, s3: S3Client, endpoint: EndpointServer
) -> None:
    # given an endpoint that lets everyone wait while it starts, 30 s by a twentieth of the time
    images = [f"{number}" for number in range(10)]
    for image_id in images:
        s3.put_object(Bucket=BUCKET, Key=image_id, Body=PHOTO)
        insert(dynamodb, image_id)
    endpoint.answers[:] = [*[Answer(hang=30 / 20)] * 4, Answer()]

    # when
    records = [record(image_id, number) for number, image_id in enumerate(images)]
    answer = handle({"Records": records}, FakeContext())

    # then
    assert answer == {"batchItemFailures": []}
    assert {row(dynamodb, image_id)["Status"]["S"] for image_id in images} == {"CLASSIFIED"}
    assert len(endpoint.requests) == len(images)


def test_an_endpoint_that_is_away_costs_a_picture_nothing_but_time(
    handle: Any, dynamodb: DynamoDBClient, s3: S3Client, endpoint: EndpointServer
) -> None:
    s3.put_object(Bucket=BUCKET, Key="a", Body=PHOTO)
    insert(dynamodb, "a")
    endpoint.answers[:] = [Answer(b'{"Message": "no"}', 400, "ValidationError"), Answer()]
    event = {"Records": [record("a", 1)]}

    assert handle(event, FakeContext()) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert row(dynamodb, "a")["Status"] == {"S": "NOT_CLASSIFIED"}
    assert handle(event, FakeContext()) == {"batchItemFailures": []}
    assert row(dynamodb, "a")["Status"] == {"S": "CLASSIFIED"}


@pytest.mark.usefixtures("s3")
def test_a_picture_that_is_missing_is_recorded(handle: Any, dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "a")

    handle({"Records": [record("a", 1)]}, FakeContext())

    assert row(dynamodb, "a")["FailureReason"] == {"S": "The picture is no longer stored."}


@pytest.mark.usefixtures("handle")
def test_a_function_without_its_environment_does_not_start() -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("BUCKET_NAME")
        with pytest.raises(SettingsError, match="BUCKET_NAME"):
            load()
