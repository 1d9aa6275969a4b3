"""What runs and what is deployed."""

import time
from typing import TYPE_CHECKING

import psutil
from botocore.exceptions import BotoCoreError, ClientError
from rich.box import SIMPLE
from rich.table import Table

from local_aws import clients, health, state
from local_aws.plans import MINISTACK, MOTO, READY, TITLES

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

    from local_aws.settings import Settings
    from local_aws.state import Server

MEGABYTE = 2**20


def of_server(name: str, server: "Server") -> str:
    """Return a server's state in a word or two."""
    if server.process.find() is None:
        return "killed"
    return "running" if health.answers(server.url + READY[name]) else "does not answer"


def servers(settings: "Settings") -> Table:
    """Return a table of the servers."""
    table = Table("server", "state", "address", "pid", "up since", "memory", box=SIMPLE)
    for name, server in state.load(settings.state).servers.items():
        process = server.process.find()
        since = time.strftime("%H:%M:%S", time.localtime(server.process.created))
        table.add_row(
            TITLES[name],
            of_server(name, server),
            server.url.removeprefix("http://"),
            str(server.process.pid),
            since,
            f"{_memory(process) / MEGABYTE:.0f} MB" if process else "",
        )
    return table


def stacks(settings: "Settings") -> Table:
    """Return a table of the deployed stacks."""
    table = Table("stack", "state", "version", "where", box=SIMPLE)
    for name in (MOTO, MINISTACK):
        for stack in _stacks(name, settings):
            table.add_row(stack["StackName"], stack["StackStatus"], _version(stack), TITLES[name])
    return table


def advice(settings: "Settings") -> str | None:
    """Return what to do where not all is well, or None."""
    known = state.load(settings.state).servers
    states = {name: of_server(name, server) for name, server in known.items()}
    if not known:
        return "The embedded cloud is not running: make up"
    if states.get(MINISTACK) == "killed":
        return (
            "MiniStack was killed. What it held (stacks, pictures, labels) was in its memory "
            "and is gone: make up deploy"
        )
    if set(states.values()) != {"running"}:
        return "Not every server works: make up starts those anew, and make logs says more."
    return None


def _stacks(name: str, settings: "Settings") -> "list[StackTypeDef]":
    server = state.load(settings.state).servers.get(name)
    if server is None or of_server(name, server) != "running":
        return []
    try:
        return clients.stacks(clients.cloudformation(server.url, settings.region))
    except (BotoCoreError, ClientError):
        return []


def _version(stack: "StackTypeDef") -> str:
    """Return the version that a pipeline recorded in the stack's tags, or when it was deployed."""
    tags = {tag["Key"]: tag["Value"] for tag in stack.get("Tags", [])}
    when = stack.get("LastUpdatedTime") or stack["CreationTime"]
    return tags.get("version") or when.astimezone().strftime("%H:%M:%S")


def _memory(process: psutil.Process) -> int:
    """Return the resident memory of a process and its children, in bytes."""
    total = 0
    for each in [process, *process.children(recursive=True)]:
        try:
            total += each.memory_info().rss
        except psutil.Error:
            continue
    return total
