"""What runs: finds a server, and says what cannot be changed while it runs."""

from dataclasses import replace
from typing import TYPE_CHECKING

from local_aws.errors import NotRunningError, UsageError
from local_aws.servers import state
from local_aws.servers.plans import KEEPING, MINISTACK, TITLES

if TYPE_CHECKING:
    from pathlib import Path

    from local_aws.settings import Settings


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
        lost = ", and its data is lost" if name == MINISTACK else ""
        raise NotRunningError(
            f"{TITLES[name]} (pid {server.process.pid}) was killed{lost}: make up deploy"
        )
    return server


def agreed(settings: "Settings", ministack: state.Server | None) -> "Settings":
    """Return the settings with those of the MiniStack that was started, where the user sets none.

    Args:
        settings: What the user wants.
        ministack: The MiniStack that was started last, if it was not stopped.

    Raises:
        UsageError: If it runs and is wanted otherwise: it would be started again, and lose what it
            holds.
    """
    if ministack is None:
        return replace(settings, keep=bool(settings.keep))
    keeps = ministack.origin.endswith(KEEPING)
    keep = keeps if settings.keep is None else settings.keep
    if ministack.process.find() is None:
        return replace(settings, keep=keep)
    if settings.port not in {None, 0, ministack.port}:
        raise UsageError(
            f"The embedded cloud runs on port {ministack.port}. To have it on port "
            f"{settings.port}, stop it first: make down"
        )
    if keep != keeps:
        now, wanted = (f"KEEP={'yes' if each else 'no'}" for each in (keeps, keep))
        raise UsageError(
            f"The embedded cloud runs with {now}. For {wanted}, stop it first: make down"
        )
    return replace(settings, keep=keep)
