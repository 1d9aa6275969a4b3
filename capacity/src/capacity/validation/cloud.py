"""Starts and stops what the scenarios run on: the emulator, the proxy, and workers."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import URLError

from local_aws.errors import CloudError
from local_aws.servers import plans, ports, virtualenvs
from local_aws.settings import Settings
from local_aws.tools.commands import Runner

STARTS_WITHIN = 60.0
ENDS_WITHIN = 10.0


@dataclass(frozen=True)
class Cloud:
    """What runs.

    Attributes:
        url: Where the emulator answers.
        proxy: Where the proxy answers.
        environment: The environment variables of a worker.
    """

    url: str
    proxy: str
    environment: Mapping[str, str]


class Worker:
    """A process that runs one scenario after the other.

    Args:
        process: The process.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, scenario: Mapping[str, Any]) -> dict[str, Any]:
        """Run a scenario and return what was measured.

        Raises:
            CloudError: If the worker ends.
        """
        if self._process.stdin is None or self._process.stdout is None:
            raise CloudError("The worker has no pipes.")
        self._process.stdin.write(json.dumps(scenario) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise CloudError(f"The worker ended while it ran {scenario['name']}: see its message.")
        found: dict[str, Any] = json.loads(line)
        return found


@contextmanager
def running(settings: Settings) -> Iterator[Cloud]:
    """Start the emulator and the proxy on free ports of the loopback interface; stop them after.

    Raises:
        CloudError: If one of them does not start.
    """
    environment = settings.environments / plans.MINISTACK
    lock = plans.requirements(settings)[plans.MINISTACK]
    environment.parent.mkdir(parents=True, exist_ok=True)
    settings.logs.mkdir(parents=True, exist_ok=True)
    log = settings.logs / "capacity-validation.log"
    virtualenvs.build(Runner(), settings.uv, environment, lock, log)
    with ExitStack() as stack:
        temporary = stack.enter_context(TemporaryDirectory(prefix="capacity-"))
        port = ports.free()
        plan = plans.ministack(settings, port, "http://127.0.0.1:9", ports.free())
        # The scenarios are no test of IAM, and the emulator has only so much processor time.
        variables = plan.environment() | {"AUTH": "false", "TMPDIR": temporary}
        output = stack.enter_context(log.open("w"))
        emulator = subprocess.Popen(  # noqa: S603 - the command is ours
            plan.command(settings), env=variables, stdout=output, stderr=output, cwd=temporary
        )
        stack.callback(_end, emulator)
        url = f"http://127.0.0.1:{port}"
        _await(f"{url}{plans.READY[plans.MINISTACK]}", emulator)
        paths = [str(settings.root / each / "src") for each in ("capacity", "invoke_labeller")]
        paths.append(str(settings.root / "local_aws/src"))
        own = plan.environment() | {"PYTHONPATH": ":".join(paths)}
        proxy = subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, "-m", "capacity.validation.proxy", url],
            env=own,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
        )
        stack.callback(_end, proxy)
        announced = proxy.stdout.readline().strip() if proxy.stdout else ""
        if not announced:
            raise CloudError(f"The proxy did not start: see {log}.")
        yield Cloud(url, f"http://127.0.0.1:{announced}", own)


@contextmanager
def worker(cloud: Cloud) -> Iterator[Worker]:
    """Start a worker; stop it after."""
    process = subprocess.Popen(  # noqa: S603 - the command is ours
        [sys.executable, "-m", "capacity.validation.worker", cloud.proxy, cloud.url],
        env=dict(cloud.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(sys.prefix),
    )
    try:
        yield Worker(process)
    finally:
        _end(process)


def _await(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 # nosec B310 # ours
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise CloudError(f"The emulator did not start: {url} does not answer.")


def _end(process: "subprocess.Popen[Any]") -> None:
    process.terminate()
    try:
        process.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
