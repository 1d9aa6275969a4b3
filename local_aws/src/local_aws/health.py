"""Whether a server answers."""

import time
from typing import TYPE_CHECKING

import urllib3
from urllib3.exceptions import HTTPError

from local_aws.errors import CloudError
from local_aws.failures import last_error

if TYPE_CHECKING:
    from pathlib import Path

    from local_aws.state import Server

OK = 200
INTERVAL = 0.05


def answers(url: str, patience: float = 2) -> bool:
    """Tell whether a URL is answered with 200.

    Args:
        url: The URL.
        patience: Seconds for the answer.
    """
    try:
        with urllib3.PoolManager(retries=False, timeout=patience) as pool:
            return pool.request("GET", url).status == OK
    except HTTPError:
        return False


def wait(server: "Server", title: str, ready: str, log: "Path", patience: float = 60) -> None:
    """Wait until a server that was just started works.

    Args:
        server: The server.
        title: What people call it.
        ready: Path that answers 200 then.
        log: File with its output.
        patience: Seconds to wait.

    Raises:
        CloudError: If it ends or does not get ready in time.
    """
    deadline = time.monotonic() + patience
    while not answers(server.url + ready):
        if server.process.find() is None:
            raise CloudError(
                f"{title} did not start: {last_error(log.read_text(errors='replace'))} (see {log})"
            )
        if time.monotonic() > deadline:
            raise CloudError(f"{title} was not ready after {patience:.0f} s: see {log}")
        time.sleep(INTERVAL)
