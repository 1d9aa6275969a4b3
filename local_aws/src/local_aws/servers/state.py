"""What one embedded cloud remembers between two commands."""

import contextlib
import fcntl
import json
import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from local_aws.errors import CloudError
from local_aws.servers.processes import Process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Server:
    """A server that was started.

    Attributes:
        process: Its process.
        port: The TCP port it listens on.
        origin: What it was started from, so that a change of that is noticed.
        website: The TCP port on which it serves the website, 0 for none.
    """

    process: Process
    port: int
    origin: str = ""
    website: int = 0

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def website_url(self) -> str:
        """Where it serves the website."""
        return f"http://127.0.0.1:{self.website}"


@dataclass
class State:
    """Everything that is remembered.

    Attributes:
        servers: The servers that were started, by name.
        deployed: By component, a digest of what was deployed and to which process.
        model: The model package that the endpoint was started with.
    """

    servers: dict[str, Server] = field(default_factory=dict)
    deployed: dict[str, str] = field(default_factory=dict)
    model: str = ""


def load(directory: "Path") -> State:
    """Read the state; a cloud that has none is one that was never started.

    Raises:
        CloudError: If the file is damaged.
    """
    path = directory / "cloud.json"
    try:
        document = json.loads(path.read_text())
        servers = {name: _server(record) for name, record in document["servers"].items()}
        return State(servers, dict(document["deployed"]), str(document["model"]))
    except FileNotFoundError:
        return State()
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CloudError(
            f"{path} is damaged, so the servers are not known. Stop them manually, then remove it."
        ) from error


def save(directory: "Path", state: State) -> None:
    """Write the state, all or nothing: a reader never sees half a file."""
    directory.mkdir(parents=True, exist_ok=True)
    draft = directory / "cloud.json.new"
    draft.write_text(json.dumps(asdict(state), indent=1))
    draft.replace(directory / "cloud.json")


@contextlib.contextmanager
def locked(path: "Path", *, wait: bool) -> "Iterator[None]":
    """Hold a lock that only one process can have; the system releases it with the process.

    Args:
        path: The lock's file.
        wait: Whether to wait for it.

    Raises:
        CloudError: If another process has it and we do not wait.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise CloudError(
                f"Another command is using the cloud in {path.parent}: wait until it ends."
            ) from error
        yield
    finally:
        os.close(descriptor)


def _server(record: dict[str, Any]) -> Server:
    process = record["process"]
    return Server(
        Process(int(process["pid"]), float(process["created"]), tuple(process["command"])),
        int(record["port"]),
        str(record["origin"]),
        int(record.get("website", 0)),
    )
