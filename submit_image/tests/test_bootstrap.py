import socket
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from submit_image import urls
from submit_image.bootstrap import Application
from submit_image.config import ConfigurationError
from submit_image.problems import RemoteTimeout
from tests.conftest import Serve
from tests.support.pictures import JPEG
from tests.support.servers import answer, ok, read_request
from tests.test_config import ENVIRONMENT


@pytest.fixture
def aws(aws_environment: None) -> Iterator[None]:  # noqa: ARG001 - comes first
    with mock_aws():
        location: Any = {"LocationConstraint": "us-west-1"}
        boto3.client("s3").create_bucket(Bucket="images", CreateBucketConfiguration=location)
        boto3.client("dynamodb").create_table(
            TableName="ImageLabels",
            KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield


@pytest.mark.usefixtures("aws")
def test_a_picture_goes_from_its_url_into_bucket_and_table(serve: Serve) -> None:
    server = serve(answer(ok(JPEG)))
    trusted = {"TRUSTED_IMAGE_HOSTS": f"127.0.0.1:{server.port}"}
    application = Application({**ENVIRONMENT, **trusted})

    accepted = application.submit(urls.parse(f"http://127.0.0.1:{server.port}/"), 28)

    stored = boto3.client("s3").get_object(Bucket="images", Key=accepted.image_id)
    assert stored["Body"].read() == JPEG
    key = {"Id": {"S": accepted.image_id}}
    row = boto3.client("dynamodb").get_item(TableName="ImageLabels", Key=key)["Item"]
    assert row["Status"] == {"S": "NOT_CLASSIFIED"}
    lifetime = int(row["ExpiresAt"]["N"]) - 30 * 86_400
    assert row["SubmittedAt"]["S"][:4] >= "2026"
    assert lifetime > 0


@pytest.mark.usefixtures("aws")
def test_time_is_kept_back_for_storing_the_picture(serve: Serve) -> None:
    def hang(connection: socket.socket) -> None:
        read_request(connection)
        connection.recv(1)

    server = serve(hang)
    trusted = {"TRUSTED_IMAGE_HOSTS": f"127.0.0.1:{server.port}"}
    application = Application({**ENVIRONMENT, **trusted})

    with pytest.raises(RemoteTimeout):
        application.submit(urls.parse(f"http://127.0.0.1:{server.port}/"), 16.2)


@pytest.mark.usefixtures("aws")
def test_a_wrong_environment_is_noticed_at_the_start() -> None:
    with pytest.raises(ConfigurationError):
        Application({})
