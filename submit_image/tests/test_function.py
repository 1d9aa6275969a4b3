import runpy
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import boto3
import pytest
import trustme
import yaml
from moto import mock_aws

from lambda_common.environment import SettingsError
from submit_image.clients import STORAGE_SECONDS
from submit_image.problems import ImageTooLarge, RemoteFailed, RemoteTimeout, UrlNotAllowed
from tests.conftest import Serve
from tests.lambda_common.support import FakeContext
from tests.support.pictures import JPEG
from tests.support.servers import Server, answer, ok, read_request
from tests.test_settings import ENVIRONMENT

ROOT = Path(__file__).parents[1]


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


class Function:
    """The function as Lambda loads it, but for a host that it trusts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def load(self, **environment: str) -> Any:
        for name, value in {**ENVIRONMENT, **environment}.items():
            self._monkeypatch.setenv(name, value)
        return runpy.run_module("submit_image.function")["handler"]

    def submit(
        self, server: Server, url: str, seconds: float = 28, **environment: str
    ) -> dict[str, Any]:
        trusted = {"TRUSTED_IMAGE_HOSTS": f"127.0.0.1:{server.port}"}
        context = FakeContext(remaining_milliseconds=int(seconds * 1000))
        event = {"url": url.format(port=server.port)}
        answer: dict[str, Any] = self.load(**{**trusted, **environment})(event, context)
        return answer


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch, aws: None) -> Function:  # noqa: ARG001 - comes first
    return Function(monkeypatch)


def hang(connection: socket.socket) -> None:
    read_request(connection)
    connection.recv(1)


def test_a_picture_goes_from_its_url_into_bucket_and_table(
    function: Function, serve: Serve
) -> None:
    server = serve(answer(ok(JPEG)))

    accepted = function.submit(server, "http://127.0.0.1:{port}/")

    stored = boto3.client("s3").get_object(Bucket="images", Key=accepted["ImageId"])
    assert stored["Body"].read() == JPEG
    key = {"Id": {"S": accepted["ImageId"]}}
    row = boto3.client("dynamodb").get_item(TableName="ImageLabels", Key=key)["Item"]
    assert row["Status"] == {"S": "NOT_CLASSIFIED"}
    lifetime = int(row["ExpiresAt"]["N"]) - 30 * 86_400
    assert row["SubmittedAt"]["S"][:4] >= "2026"
    assert lifetime > 0


def test_an_id_is_random(function: Function, serve: Serve) -> None:
    server = serve(answer(ok(JPEG)))

    accepted = function.submit(server, "http://127.0.0.1:{port}/")

    assert UUID(accepted["ImageId"]).version == 4


def test_time_is_kept_back_for_storing_the_picture(function: Function, serve: Serve) -> None:
    problem = function.submit(
        serve(hang), "http://127.0.0.1:{port}/", seconds=STORAGE_SECONDS + 0.2
    )

    assert problem["type"] == RemoteTimeout("").document()["type"]


def test_the_environment_bounds_the_time(function: Function, serve: Serve) -> None:
    # The server hangs up after 30 seconds, which would be another problem.
    problem = function.submit(serve(hang), "http://127.0.0.1:{port}/", FETCH_SECONDS="1")

    assert problem["type"] == RemoteTimeout("").document()["type"]


def test_the_environment_bounds_the_size(function: Function, serve: Serve) -> None:
    problem = function.submit(
        serve(answer(ok(JPEG))),
        "http://127.0.0.1:{port}/",
        MAX_IMAGE_BYTES=str(len(JPEG) - 1),
    )

    assert problem["type"] == ImageTooLarge("").document()["type"]


def test_a_certificate_that_no_known_authority_issued_is_refused(
    function: Function, serve: Serve
) -> None:
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(server_side)

    problem = function.submit(serve(answer(ok(JPEG)), tls=server_side), "https://127.0.0.1:{port}/")

    assert problem["type"] == RemoteFailed("").document()["type"]
    assert "certificate" in problem["detail"]


def test_nobody_is_trusted_whom_the_environment_does_not_name(
    function: Function, serve: Serve, connections: list[str]
) -> None:
    problem = function.submit(serve(answer(ok(JPEG))), "http://127.0.0.1/", TRUSTED_IMAGE_HOSTS="")

    assert problem["type"] == UrlNotAllowed("").document()["type"]
    assert connections == []


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("", b"ImageLabeller-SubmitImage/1.0"),
        ("https://a.example/bot", b"ImageLabeller-SubmitImage/1.0 (https://a.example/bot)"),
        ("mailto:b@a.example", b"ImageLabeller-SubmitImage/1.0 (mailto:b@a.example)"),
    ],
)
def test_other_sites_learn_whom_to_ask(
    function: Function, serve: Serve, contact: str, said: bytes
) -> None:
    requests = []

    def script(connection: socket.socket) -> None:
        requests.append(read_request(connection))
        connection.sendall(ok(JPEG))

    function.submit(serve(script), "http://127.0.0.1:{port}/", CONTACT_URL=contact)

    assert b"User-Agent: " + said + b"\r\n" in requests[0]


def test_a_wrong_environment_is_noticed_at_the_start(function: Function) -> None:
    with pytest.raises(SettingsError, match="BUCKET_NAME"):
        function.load(BUCKET_NAME="")


def test_every_operation_of_the_api_has_its_route(function: Function) -> None:
    function.load()

    routes = runpy.run_module("submit_image.function")["routes"]

    document = yaml.safe_load((ROOT / "openapi.yml").read_text())
    assert set(routes) == {
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method in operations
    }
