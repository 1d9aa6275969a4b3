"""The server as a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "src"


def eventually(condition: Callable[[], bool]) -> None:
    """Waits until it is so, 10 seconds at most."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "sagemaker_endpoint", *map(str, arguments)]


def environment(**variables: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONUNBUFFERED": "1", **variables}


def run(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    return subprocess.run(  # noqa: S603
        command(*arguments),
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@contextmanager
def serving(model: Path, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Runs the server on a free port.

    Yields:
        Its URL and process, once it has the model loaded.
    """
    with subprocess.Popen(  # noqa: S603
        command("serve", "--model", model, "--port", "0", *arguments),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            listening, loaded, ready = (process.stdout.readline() for _ in range(3))
            assert "Serving" in ready, listening + loaded + ready
            yield listening.partition("Listening on ")[2].partition(",")[0], process
        finally:
            process.terminate()
            process.wait(60)
