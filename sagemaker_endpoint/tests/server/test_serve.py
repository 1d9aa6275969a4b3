import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import numpy as np
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError
from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

from sagemaker_endpoint.classifier import Classifier
from sagemaker_endpoint.errors import ServerError
from sagemaker_endpoint.server.serve import listen
from tests.processes import eventually, run, serving
from tests.samples import CHELSEA, COFFEE, COLOURS, changed, colours, encoded, plain, write

ENDPOINT = "open-devops-image-labeller"
IMAGE = {"Content-Type": "application/x-image"}


@pytest.fixture(scope="module")
def client(package_path: Path) -> Iterator[SageMakerRuntimeClient]:
    with serving(package_path) as (url, _):
        yield boto3.client(
            "sagemaker-runtime",
            "us-west-1",
            endpoint_url=url,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106
            config=Config(retries={"total_max_attempts": 1}),
        )


class TestThroughBoto3:
    """The runtime API, as invoke_labeller calls it."""

    @pytest.mark.parametrize(("photo", "label"), [(CHELSEA, "Egyptian cat"), (COFFEE, "espresso")])
    def test_a_photograph_is_labelled(
        self, client: SageMakerRuntimeClient, classifier: Classifier, photo: bytes, label: str
    ) -> None:
        response = client.invoke_endpoint(
            EndpointName=ENDPOINT,
            ContentType="application/x-image",
            Accept="application/json;verbose",
            Body=photo,
        )

        answer = json.loads(response["Body"].read())
        assert response["ContentType"] == "application/json"
        assert response["InvokedProductionVariant"] == "AllTraffic"
        assert answer["predicted_label"] == label
        assert tuple(answer["labels"]) == classifier.labels
        assert np.allclose(answer["probabilities"], classifier.classify(photo), atol=1e-6)

    @pytest.mark.parametrize(
        ("change", "code", "status"),
        [
            ({"EndpointName": "Elsewhere"}, "ValidationError", 400),
            ({"Body": b"This is text."}, "ModelError", 424),
            ({"Body": CHELSEA[:9000]}, "ModelError", 424),
            ({"ContentType": "text/csv"}, "ModelError", 424),
            ({"Accept": "text/csv"}, "ModelError", 424),
            ({"Body": bytes(7_000_000)}, "413", 413),
            ({"Body": bytes(7_000_000), "ContentType": "text/csv"}, "ModelError", 424),
        ],
    )
    def test_a_refusal_is_the_error_that_aws_would_raise(
        self, client: SageMakerRuntimeClient, change: dict[str, str], code: str, status: int
    ) -> None:
        request = {
            "EndpointName": ENDPOINT,
            "ContentType": "application/x-image",
            "Accept": "application/json;verbose",
            "Body": CHELSEA,
        }

        with pytest.raises(ClientError) as refusal:
            client.invoke_endpoint(**{**request, **change})  # type: ignore[arg-type]

        assert refusal.value.response["Error"]["Code"] == code
        assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == status

    def test_a_model_error_tells_what_the_container_said(
        self, client: SageMakerRuntimeClient
    ) -> None:
        with pytest.raises(client.exceptions.ModelError) as refusal:
            client.invoke_endpoint(
                EndpointName=ENDPOINT, ContentType="application/x-image", Body=b"This is text."
            )

        response: dict[str, Any] = {**refusal.value.response}
        assert response["OriginalStatusCode"] == 400
        assert response["OriginalMessage"].startswith("This is no image")


class TestProcess:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_it_serves_a_directory_and_stops_at_a_signal(
        self, tmp_path: Path, number: signal.Signals
    ) -> None:
        with serving(write(colours(), tmp_path)) as (url, process):
            response = requests.post(
                f"{url}/invocations", encoded(plain("red")), headers=IMAGE, timeout=60
            )
            assert np.argmax(response.json()["probabilities"]) == COLOURS.index("red")

            process.send_signal(number)

            assert process.wait(60) == 0
            assert process.stdout is not None
            assert process.stdout.read().rstrip().endswith("INFO Stopped")

    def test_it_answers_what_it_has_begun_before_it_stops(self, tmp_path: Path) -> None:
        image = encoded(plain("red"))
        with serving(write(colours(), tmp_path)) as (url, process):
            host, port = urlsplit(url).hostname, urlsplit(url).port
            with socket.create_connection((host, port), timeout=60) as client:
                # given a request of which the server waits for the body
                client.sendall(
                    b"POST /invocations HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                    b"Content-Type: application/x-image\r\nContent-Length: %d\r\n\r\n" % len(image)
                )
                assert client.recv(1024).startswith(b"HTTP/1.1 100 ")

                # when it has been asked to stop, and accepts no more
                process.terminate()
                eventually(lambda: not _listens(url))
                client.sendall(image)

                assert client.recv(1024).startswith(b"HTTP/1.1 200 ")
            assert process.wait(60) == 0

    def test_a_taken_port_is_reported_in_a_sentence(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            result = run("serve", "--model", write(colours(), tmp_path), "--port", port)

        assert result.returncode == 2
        assert result.stderr == (
            f"sagemaker_endpoint: Cannot listen on 127.0.0.1:{port}: Address already in use.\n"
        )

    @pytest.mark.parametrize("what", ["missing", "empty", "contradictory"])
    def test_a_bad_package_is_reported_in_a_sentence(self, tmp_path: Path, what: str) -> None:
        path = tmp_path / "package"
        if what == "empty":
            path.mkdir()
        elif what == "contradictory":
            write(colours(), path)
            (path / "model.json").write_bytes(changed(input={"size": 9}).to_json())

        result = run("serve", "--model", path, "--port", "0")

        assert result.returncode == 2
        assert result.stderr.startswith("sagemaker_endpoint: ")
        assert result.stderr.count("\n") == 1


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ServerError, match=r"Cannot listen on 192\.0\.2\.1:8080: "):
        listen("192.0.2.1", 8080)


def _listens(url: str) -> bool:
    try:
        requests.get(f"{url}/ping", timeout=60)
    except requests.ConnectionError:
        return False
    return True
