import socket
import ssl
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import trustme
from moto import mock_aws

from submit_image import urls
from submit_image.bootstrap import Application
from submit_image.config import ConfigurationError
from submit_image.problems import ImageTooLarge, RemoteFailed, RemoteTimeout, UrlNotAllowed
from submit_image.service import Accepted
from submit_image.storage import STORAGE_SECONDS
from tests.conftest import Serve
from tests.support.pictures import JPEG
from tests.support.servers import Server, answer, ok, read_request
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


def submit(server: Server, url: str, seconds: float = 28, **environment: str) -> Accepted:
    """Submit a URL to the application as it is deployed, but for a host that it trusts."""
    trusted = {"TRUSTED_IMAGE_HOSTS": f"127.0.0.1:{server.port}"}
    application = Application({**ENVIRONMENT, **trusted, **environment})
    return application.submit(urls.parse(url.format(port=server.port)), seconds)


def hang(connection: socket.socket) -> None:
    read_request(connection)
    connection.recv(1)


@pytest.mark.usefixtures("aws")
def test_a_picture_goes_from_its_url_into_bucket_and_table(serve: Serve) -> None:
    server = serve(answer(ok(JPEG)))

    accepted = submit(server, "http://127.0.0.1:{port}/")

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
    with pytest.raises(RemoteTimeout):
        submit(serve(hang), "http://127.0.0.1:{port}/", seconds=STORAGE_SECONDS + 0.2)


@pytest.mark.usefixtures("aws")
def test_the_environment_bounds_the_time(serve: Serve) -> None:
    # The server hangs up after five seconds, which would be another problem.
    with pytest.raises(RemoteTimeout):
        submit(serve(hang), "http://127.0.0.1:{port}/", FETCH_SECONDS="1")


@pytest.mark.usefixtures("aws")
def test_the_environment_bounds_the_size(serve: Serve) -> None:
    with pytest.raises(ImageTooLarge):
        submit(
            serve(answer(ok(JPEG))),
            "http://127.0.0.1:{port}/",
            MAX_IMAGE_BYTES=str(len(JPEG) - 1),
        )


@pytest.mark.usefixtures("aws")
def test_a_certificate_that_no_known_authority_issued_is_refused(serve: Serve) -> None:
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(server_side)

    with pytest.raises(RemoteFailed, match="certificate"):
        submit(serve(answer(ok(JPEG)), tls=server_side), "https://127.0.0.1:{port}/")


@pytest.mark.usefixtures("aws")
def test_nobody_is_trusted_whom_the_environment_does_not_name(
    serve: Serve, connections: list[str]
) -> None:
    with pytest.raises(UrlNotAllowed):
        submit(serve(answer(ok(JPEG))), "http://127.0.0.1/", TRUSTED_IMAGE_HOSTS="")

    assert connections == []


@pytest.mark.usefixtures("aws")
def test_a_wrong_environment_is_noticed_at_the_start() -> None:
    with pytest.raises(ConfigurationError):
        Application({})
