import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests

from sagemaker_endpoint.errors import ImageError
from sagemaker_endpoint.server.requests import MAX_BODY
from tests.processes import eventually
from tests.server.fakes import ENDPOINT, FakeClassifier, served

IMAGE = {"Content-Type": "application/x-image"}
VERBOSE = {**IMAGE, "Accept": "application/json;verbose"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server that no test changes."""
    with served(FakeClassifier) as (url, model):
        eventually(lambda: model.classifier is not None)
        yield url


@pytest.mark.parametrize("path", ["/invocations", f"/endpoints/{ENDPOINT}/invocations"])
class TestInvocation:
    def test_the_verbose_answer_names_the_classes(self, url: str, path: str) -> None:
        response = requests.post(url + path, b"image", headers=VERBOSE, timeout=60)

        assert response.status_code == 200
        assert response.headers["content-type"] == "application/json"
        assert response.json() == {
            "probabilities": [0.25, 0.75],
            "labels": ["cat", "dog"],
            "predicted_label": "dog",
        }

    def test_the_plain_answer_does_not(self, url: str, path: str) -> None:
        response = requests.post(url + path, b"image", headers=IMAGE, timeout=60)

        assert response.json() == {"probabilities": [0.25, 0.75]}

    def test_the_model_sees_the_bytes_as_they_came(self, path: str) -> None:
        classifier, image = FakeClassifier(), bytes(range(256)) * 4096
        with served(lambda: classifier) as (url, model):
            eventually(lambda: model.classifier is not None)
            requests.post(url + path, image, headers=IMAGE, timeout=60)
            requests.post(url + path, iter([image, image]), headers=IMAGE, timeout=60)  # chunked

        assert classifier.images == [image, image * 2]

    @pytest.mark.parametrize("size", [MAX_BODY, MAX_BODY + 1, 5 * MAX_BODY])
    def test_only_so_many_bytes_are_taken(self, path: str, size: int) -> None:
        classifier = FakeClassifier()
        with served(lambda: classifier) as (url, model):
            eventually(lambda: model.classifier is not None)
            response = requests.post(url + path, bytes(size), headers=IMAGE, timeout=60)

        assert response.status_code == (200 if size <= MAX_BODY else 413)
        assert len(classifier.images) == (size <= MAX_BODY)

    def test_get_is_no_invocation(self, url: str, path: str) -> None:
        response = requests.get(url + path, timeout=60)

        assert response.status_code == 405
        assert response.headers["allow"] == "POST"


class TestContainer:
    @pytest.mark.parametrize("type_", ["text/csv", "image/jpeg", "application/x-image-list", ""])
    def test_images_must_come_as_such(self, url: str, type_: str) -> None:
        headers = {"Content-Type": type_}
        response = requests.post(f"{url}/invocations", bytes(MAX_BODY), headers=headers, timeout=60)

        assert response.status_code == 415
        assert "application/x-image" in response.json()["error"]

    def test_a_content_type_may_have_parameters(self, url: str) -> None:
        headers = {"Content-Type": "Application/X-Image; charset=binary"}
        response = requests.post(f"{url}/invocations", b"image", headers=headers, timeout=60)

        assert response.status_code == 200

    def test_what_is_no_image_is_the_clients_mistake(self) -> None:
        def refuse() -> None:
            raise ImageError("This is no image.")

        with served(lambda: FakeClassifier(refuse)) as (url, model):
            eventually(lambda: model.classifier is not None)
            response = requests.post(f"{url}/invocations", b"text", headers=IMAGE, timeout=60)

        assert (response.status_code, response.json()) == (400, {"error": "This is no image."})

    def test_a_failing_model_shows_nothing_of_the_inside(self) -> None:
        def fail() -> None:
            raise RuntimeError("secret")

        with served(lambda: FakeClassifier(fail)) as (url, model):
            eventually(lambda: model.classifier is not None)
            response = requests.post(f"{url}/invocations", b"image", headers=IMAGE, timeout=60)

        assert (response.status_code, response.json()) == (500, {"error": "The model failed."})

    def test_what_is_no_number_is_no_probability(self) -> None:
        classifier = FakeClassifier(probabilities=(0.5, float("nan")))
        with served(lambda: classifier) as (url, model):
            eventually(lambda: model.classifier is not None)
            response = requests.post(f"{url}/invocations", b"image", headers=IMAGE, timeout=60)

        assert (response.status_code, response.json()) == (500, {"error": "The model failed."})

    def test_other_paths_are_not_there(self, url: str) -> None:
        assert requests.get(url, timeout=60).status_code == 404
        assert requests.get(f"{url}/models", timeout=60).status_code == 404


class TestConnection:
    def test_a_response_arrives_in_one_piece(self, url: str) -> None:
        address = urlsplit(url)
        assert address.hostname is not None
        with socket.create_connection((address.hostname, address.port or 0), timeout=60) as client:
            # Several, since clients acknowledge a connection's first segments without delay.
            for _ in range(5):
                client.sendall(
                    b"POST /invocations HTTP/1.1\r\nHost: x\r\n"
                    b"Content-Type: application/x-image\r\nContent-Length: 5\r\n\r\nimage"
                )
                received = client.recv(65536)

                assert received.startswith(b"HTTP/1.1 200 ")
                assert received.endswith(b'\r\n\r\n{"probabilities":[0.25,0.75]}')


class TestStart:
    def test_the_server_says_when_the_model_is_loaded(self) -> None:
        permission = threading.Event()

        def load() -> FakeClassifier:
            assert permission.wait(60)
            return FakeClassifier()

        with served(load) as (url, model):
            # given a model that is being loaded
            ping = requests.get(f"{url}/ping", timeout=60)
            container = requests.post(f"{url}/invocations", b"image", headers=IMAGE, timeout=60)
            runtime = requests.post(
                f"{url}/endpoints/{ENDPOINT}/invocations", b"image", headers=IMAGE, timeout=60
            )
            # when it is
            permission.set()
            eventually(lambda: model.classifier is not None)
            loaded = requests.get(f"{url}/ping", timeout=60)

        assert (ping.status_code, ping.content) == (503, b"")
        assert container.status_code == 503
        assert runtime.status_code == 429
        assert (loaded.status_code, loaded.content) == (200, b"")


class TestOverload:
    def test_who_finds_no_place_is_turned_away_at_once(self) -> None:
        permission = threading.Event()
        classifier = FakeClassifier(lambda: permission.wait(60))
        with (
            served(lambda: classifier, workers=1, queue=2) as (url, model),
            ThreadPoolExecutor(3) as pool,
        ):
            eventually(lambda: model.classifier is not None)

            def invoke() -> int:
                headers = {**IMAGE, "Connection": "close"}
                return requests.post(
                    f"{url}/invocations", b"image", headers=headers, timeout=20
                ).status_code

            # given one image that is being classified and two that wait
            inside = [pool.submit(invoke) for _ in range(3)]
            eventually(lambda: model.free == 0)

            container = requests.post(f"{url}/invocations", b"image", headers=IMAGE, timeout=60)
            runtime = requests.post(
                f"{url}/endpoints/{ENDPOINT}/invocations", b"image", headers=IMAGE, timeout=60
            )
            alive = requests.get(f"{url}/ping", timeout=60).status_code == 200

            # when they are done
            permission.set()
            assert [future.result() for future in inside] == [200] * 3
            afterwards = requests.post(f"{url}/invocations", b"image", headers=IMAGE, timeout=60)

        assert container.status_code == 503
        assert container.headers["retry-after"] == "1"
        assert runtime.status_code == 400
        assert runtime.headers["x-amzn-errortype"] == "ThrottlingException"
        assert alive
        assert afterwards.status_code == 200

    def test_a_client_that_goes_away_gives_its_place_back(self) -> None:
        with served(FakeClassifier, workers=1, queue=0) as (url, model):
            eventually(lambda: model.classifier is not None)
            address = urlsplit(url)
            assert address.hostname is not None

            # given a client that announces more than it sends
            with socket.create_connection((address.hostname, address.port or 0)) as client:
                client.sendall(
                    b"POST /invocations HTTP/1.1\r\nHost: x\r\n"
                    b"Content-Type: application/x-image\r\nContent-Length: 1000\r\n\r\nimage"
                )
                eventually(lambda: model.free == 0)

            # then it is missed no longer than it is there
            eventually(lambda: model.free == 1)


def test_every_invocation_is_logged_in_a_readable_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), served(FakeClassifier) as (url, model):
        eventually(lambda: model.classifier is not None)
        requests.post(f"{url}/invocations", b"image", headers=IMAGE, timeout=60)

    (line,) = (message for message in caplog.messages if "/" in message)
    assert line.startswith("POST /invocations 200 in ")
    assert line.endswith(" ms: dog 0.75")
