"""What runs and what is deployed."""

import re
import time
from typing import TYPE_CHECKING, Any

import psutil
from botocore.exceptions import BotoCoreError, ClientError
from rich.box import SIMPLE
from rich.table import Table

from local_aws import clients
from local_aws.deploying import stacks
from local_aws.servers import health, state
from local_aws.servers.plans import MINISTACK, MOTO, READY, TITLES

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

    from local_aws.servers.state import Server
    from local_aws.settings import Settings

MEGABYTE = 2**20
COMMIT = re.compile(r"\b([0-9a-f]{7})[0-9a-f]{33}\b")


def of_server(name: str, server: "Server") -> str:
    """Return a server's state in a word or two."""
    if server.process.find() is None:
        return "killed"
    return "running" if health.answers(server.url + READY[name]) else "does not answer"


def document(settings: "Settings") -> dict[str, Any]:
    """Return the servers, the stacks and the page for a program, with CloudFormation's names.

    Returns:
        `Website` is the address at which a browser finds the page here, which is not the one that
        its stack puts out; None where no page is served.
    """
    known = state.load(settings.state).servers
    found = {name: _stacks(name, settings) for name in (MOTO, MINISTACK)}
    served = any("WebsiteURL" in stacks.outputs(stack) for stack in found[MINISTACK])
    return {
        "Servers": [
            {
                "Name": name,
                "State": of_server(name, server),
                "Url": server.url,
                "Pid": server.process.pid,
            }
            for name, server in known.items()
        ],
        "Website": f"{known[MINISTACK].website_url}/" if served else None,
        "Stacks": [
            {
                "StackName": stack["StackName"],
                "StackStatus": stack["StackStatus"],
                "Version": stacks.tags(stack).get("version"),
                "Server": name,
                "Outputs": stacks.outputs(stack),
            }
            for name, its_stacks in found.items()
            for stack in its_stacks
        ],
    }


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


def table_of_stacks(settings: "Settings") -> Table:
    """Return a table of the deployed stacks; where it is too narrow, no name is cut."""
    table = Table(box=SIMPLE)
    for title in ("stack", "state", "version", "where"):
        table.add_column(title, overflow="fold", no_wrap=title == "stack")
    for name in (MOTO, MINISTACK):
        for stack in _stacks(name, settings):
            table.add_row(stack["StackName"], stack["StackStatus"], _version(stack), name)
    return table


def advice(settings: "Settings") -> str | None:
    """Return what to do where not all is well, or None."""
    known = state.load(settings.state).servers
    states = {name: of_server(name, server) for name, server in known.items()}
    if not known:
        return "The embedded cloud is not running: make up"
    if states.get(MINISTACK) == "killed":
        return (
            "MiniStack was killed. Its data (stacks, pictures, labels) was only in memory "
            "and is gone: make up deploy"
        )
    if set(states.values()) != {"running"}:
        return "Not every server works: make up starts those again, and make logs says more."
    return None


def _stacks(name: str, settings: "Settings") -> "list[StackTypeDef]":
    server = state.load(settings.state).servers.get(name)
    if server is None or of_server(name, server) != "running":
        return []
    try:
        return stacks.everything(clients.cloudformation(server.url, settings.region))
    except (BotoCoreError, ClientError):
        return []


def _version(stack: "StackTypeDef") -> str:
    """Return the version that a pipeline recorded in the stack's tags, or when it was deployed."""
    when = stack.get("LastUpdatedTime") or stack["CreationTime"]
    version = stacks.tags(stack).get("version")
    # Of a commit, what tells it from others; "-dirty" stays.
    return COMMIT.sub(r"\1", version) if version else when.astimezone().strftime("%H:%M:%S")


def _memory(process: psutil.Process) -> int:
    """Return the resident memory of a process and its children, in bytes."""
    total = 0
    for each in [process, *process.children(recursive=True)]:
        try:
            total += each.memory_info().rss
        except psutil.Error:
            continue
    return total
