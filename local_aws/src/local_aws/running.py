"""Finds a server that runs, or says why there is none."""

from typing import TYPE_CHECKING

from local_aws import state
from local_aws.errors import NotRunningError
from local_aws.plans import MINISTACK, TITLES

if TYPE_CHECKING:
    from pathlib import Path


def find(directory: "Path", name: str) -> state.Server:
    """Return a server that runs.

    Args:
        directory: The cloud's state directory.
        name: The server.

    Raises:
        NotRunningError: If it was not started, or was killed.
    """
    server = state.load(directory).servers.get(name)
    if server is None:
        raise NotRunningError("The embedded cloud is not running: make up deploy")
    if server.process.find() is None:
        lost = ", and what it held is gone" if name == MINISTACK else ""
        raise NotRunningError(
            f"{TITLES[name]} (pid {server.process.pid}) was killed{lost}: make up deploy"
        )
    return server
