"""Whether a server answers."""

import errno
import os
import time
from typing import TYPE_CHECKING

import urllib3
from urllib3.exceptions import HTTPError

from local_aws.errors import CloudError, PortTakenError
from local_aws.tools.failures import last_error

if TYPE_CHECKING:
    from pathlib import Path

    from local_aws.servers.state import Server

OK = 200
INTERVAL = 0.05
# What the system says, around which each server's library has words of its own; and MiniStack.
TAKEN = (os.strerror(errno.EADDRINUSE).lower(), "is already in use")


def answers(url: str, timeout: float = 2) -> bool:
    """Tell whether a URL is answered with 200.

    Args:
        url: The URL.
        timeout: Seconds for the answer.
    """
    try:
        with urllib3.PoolManager(retries=False, timeout=timeout) as pool:
            return pool.request("GET", url).status == OK
    except HTTPError:
        return False


def wait(server: "Server", title: str, ready: str, log: "Path", timeout: float = 60) -> None:
    """Wait until a server that was just started works.

    Args:
        server: The server.
        title: What people call it.
        ready: Path that answers 200 then.
        log: File with its output.
        timeout: Seconds to wait.

    Raises:
        PortTakenError: If it ends since its port is in use.
        CloudError: If it ends otherwise, or does not get ready in time.
    """
    deadline = time.monotonic() + timeout
    while not answers(server.url + ready):
        if server.process.find() is None:
            output = log.read_text(errors="replace")
            taken = any(words in output.lower() for words in TAKEN)
            kind = PortTakenError if taken else CloudError
            raise kind(f"{title} did not start: {last_error(output)} (see {log})")
        if time.monotonic() > deadline:
            raise CloudError(f"{title} was not ready after {timeout:.0f} s: see {log}")
        time.sleep(INTERVAL)
