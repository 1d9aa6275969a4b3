import contextlib
import os
import sys
from collections.abc import Callable, Iterator

import hypothesis
import pytest

from tests.support.servers import Script, Server, serving

# A busy machine is no fault of an example. Every run tries the same examples, so that it fails only
# on a change; IMAGELABELLER_EXPLORE=1000 tries a thousand new ones of each property instead.
EXPLORE = os.environ.get("IMAGELABELLER_EXPLORE")
hypothesis.settings.register_profile("repeat", deadline=None, derandomize=True, max_examples=50)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=int(EXPLORE or 100))
hypothesis.settings.load_profile("explore" if EXPLORE else "repeat")

type Serve = Callable[..., Server]

_connections: list[str] = []


def _on_event(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        _connections.append(str(arguments[1]))


# The interpreter itself reports every connection that is tried, whoever tries it.
sys.addaudithook(_on_event)


@pytest.fixture
def connections() -> list[str]:
    """The addresses that were connected to in this test."""
    _connections.clear()
    return _connections


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start servers that stop with the test."""
    with contextlib.ExitStack() as stack:

        def start(script: Script, **options: object) -> Server:
            return stack.enter_context(serving(script, **options))  # type: ignore[arg-type]

        yield start


@pytest.fixture
def aws_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment that Lambda gives to the function, with credentials that open nothing."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-west-1",
        "POWERTOOLS_SERVICE_NAME": "submit_image",
        "POWERTOOLS_METRICS_NAMESPACE": "ImageLabeller",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
