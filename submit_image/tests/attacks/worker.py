"""The process inside the network namespace that fetches: one JSON line for each attack.

It reads `[client, url, seconds]` and answers with the fields of an Outcome.
"""

import contextlib
import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from lambda_common.problems import Problem
from submit_image import urls
from submit_image.addresses import AddressPolicy
from submit_image.deadline import Deadline
from submit_image.fetcher import Fetcher, user_agent
from submit_image.resolver import Resolver
from tests.attacks import control
from tests.attacks.certificates import CA_FILE
from tests.attacks.model import Outcome

MAX_BYTES = 10 * 2**20

type Client = Callable[[str, float], bytes]

_attempts: list[str] = []


def _on_event(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        _attempts.append(str(arguments[1][0]))


def ours(ca_file: Path) -> Client:
    """Return the fetcher as the function makes it, but for the authority that it trusts."""
    fetcher = Fetcher(
        resolver=Resolver(),
        policy=AddressPolicy(),
        tls=ssl.create_default_context(cafile=ca_file),
        trusted=frozenset(),
        max_bytes=MAX_BYTES,
        user_agent=user_agent(""),
    )
    return lambda url, seconds: fetcher.fetch(urls.submitted(url), Deadline.after(seconds))


def active_opens() -> int:
    """Return how many connections this namespace has begun (RFC 4022, tcpActiveOpens)."""
    names, values = (
        line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if "Tcp:" in line
    )
    return int(values[names.index("ActiveOpens")])


def memory(field: str) -> int:
    """Return the resident memory now (VmRSS) or at its peak (VmHWM), in bytes."""
    status = Path("/proc/self/status").read_text()
    return int(status.split(f"{field}:")[1].split()[0]) * 1024


def attempt(client: Client, url: str, seconds: float, world: subprocess.Popen[str]) -> Outcome:
    """Fetch a URL and tell all that came of it."""
    _attempts.clear()
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # makes the peak start again
    opened, resident, started = active_opens(), memory("VmRSS"), time.monotonic()
    result, detail, size = "fetched", "", 0
    try:
        size = len(client(url, seconds))
    except Problem as problem:
        result, detail = problem.slug, problem.detail
    except Exception as error:  # noqa: BLE001 - what it is, is what the test wants to know
        result, detail = type(error).__name__, str(error)
    took = time.monotonic() - started
    growth = memory("VmHWM") - resident
    opened = active_opens() - opened
    openings = ask(world, opened)
    return Outcome(result, detail, size, took, growth, [*_attempts], openings, opened)


def ask(world: subprocess.Popen[str], opened: int) -> list[tuple[str, int]]:
    """Return what was opened, as soon as the sniffer has seen as much as the kernel counted."""
    assert world.stdin
    assert world.stdout
    world.stdin.write(f"{opened}\n")
    world.stdin.flush()
    return [(address, port) for address, port in json.loads(world.stdout.readline())]


def main(directory: Path) -> None:
    sys.addaudithook(_on_event)
    command = [sys.executable, "-m", "tests.attacks.world", str(directory)]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as world:
        assert world.stdout
        print(world.stdout.readline(), end="", flush=True)  # noqa: T201 - the protocol
        clients = {
            "ours": ours(directory / CA_FILE),
            "careless": control.careless(directory / CA_FILE),
            "checking": control.checking(directory / CA_FILE),
        }
        for line in sys.stdin:
            name, url, seconds = json.loads(line)
            outcome = attempt(clients[name], url, seconds, world)
            print(json.dumps(asdict(outcome)), flush=True)  # noqa: T201 - the protocol
        world.kill()
    # Look-ups that no name server answers would keep the interpreter.
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
