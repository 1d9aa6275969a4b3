"""What all components share when they are packaged and deployed from here.

They need one environment of tools and not each its own, and one process in which the SAM CLI is
loaded. The versions are those that each component pins for itself.
"""

import atexit
import contextlib
import functools
import json
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from local_aws.errors import CloudError
from local_aws.servers import virtualenvs
from local_aws.servers.plans import BUILDER, ENDPOINT, MINISTACK, TOOLS, requirements, tools
from local_aws.tools import environ
from local_aws.tools.commands import Runner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_aws.settings import Settings

PROGRAM = Path(__file__).with_name("deployer.py")
CLIENT = Path(__file__).with_name("ask_deployer.py")
# The address of a socket is a path of at most a hundred bytes or so.
LONGEST = 80
# More than there are components: each may ask before the process is ready to answer.
BACKLOG = 32


class Deployer:
    """A process in which the SAM CLI is loaded, and that deploys one component in each fork.

    It starts when it is first asked for, and ends with this process.

    Args:
        python: The Python of the environment of tools.
        log: File that gets what it says of itself.
        environment: Its environment variables.
        program: What it runs.
    """

    def __init__(
        self, python: Path, log: Path, environment: "Mapping[str, str]", program: Path = PROGRAM
    ) -> None:
        self._command = [str(python), "-P", str(program)]
        self._log, self._environment = log, environment
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()
        self._directory = Path()

    def start(self) -> str:
        """Start the process, unless it runs; it need not have loaded everything to be asked.

        Returns:
            What DEPLOY is set to, for a component's make.
        """
        with self._starting:
            if self._process is None or self._process.poll() is not None:
                self.stop()
                self._start()
        # Neither what is installed for this Python nor the user's own setting is needed.
        words = [sys.executable, "-I", "-S", str(CLIENT), str(self._directory / "socket")]
        return shlex.join(words).replace("$", "$$")

    def stop(self) -> None:
        """End the process."""
        if self._process and self._process.stdin:
            self._process.kill()
            self._process.wait()
            self._process.stdin.close()
            shutil.rmtree(self._directory, ignore_errors=True)
        self._process = None

    def _start(self) -> None:
        where = None if len(tempfile.gettempdir()) < LONGEST else "/tmp"  # noqa: S108 # nosec B108 # a short path
        self._directory = Path(tempfile.mkdtemp(prefix="deployer-", dir=where))
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with socket.socket(socket.AF_UNIX) as listener, self._log.open("wb") as output:
            listener.bind(str(self._directory / "socket"))
            listener.listen(BACKLOG)
            self._process = subprocess.Popen(
                [*self._command, str(listener.fileno())],
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[listener.fileno()],
                start_new_session=True,
            )
        atexit.register(self.stop)


def deployer(settings: "Settings") -> Deployer | None:
    """Return the process that deploys, or None where its environment is not installed."""
    if not _is_installed(settings, TOOLS):
        return None
    _settle(settings)
    return _deployer(settings.environments)


def install(settings: "Settings") -> None:
    """Install the environment of tools, unless it is there, and have the SAM CLI loaded in it.

    Then install those that the first label needs besides, the one whose server starts first at
    first.
    """
    if _is_installed(settings, TOOLS):
        # Then most is deployed, too, and perhaps all.
        return
    runner = Runner()
    atexit.register(runner.cancel)
    locks = tools(settings) | requirements(settings)
    # Whoever needs one later gets the same error, and reports it.
    with contextlib.suppress(CloudError, OSError):
        for name in (each for each in (TOOLS, MINISTACK, BUILDER, ENDPOINT) if each in locks):
            log = settings.logs / f"install-{name}.log"
            environment = settings.environments / name
            virtualenvs.build(runner, settings.uv, environment, locks[name], log)
            if name == TOOLS:
                load(settings)


def load(settings: "Settings") -> None:
    """Have the SAM CLI loaded for the deployments to come, where its environment is installed."""
    if process := deployer(settings):
        process.start()


def sam(settings: "Settings") -> Path:
    """Return the SAM CLI's program."""
    return virtualenvs.python_of(settings.environments / TOOLS).with_name("sam")


def to_package(settings: "Settings") -> list[str]:
    """Return the make variables with which a component packages by the shared environments.

    Args:
        settings: Name their directory. What is not installed there is left to the component.
    """
    variables = {TOOLS: "TOOLS", BUILDER: "BUILDER"}
    return [
        f"{variable}={settings.environments / name}"
        for name, variable in variables.items()
        if _is_installed(settings, name)
    ]


def to_deploy(settings: "Settings") -> list[str]:
    """Return the make variables with which a component packages and deploys so, too."""
    process = deployer(settings)
    return [*to_package(settings), *([f"DEPLOY={process.start()}"] if process else [])]


def _is_installed(settings: "Settings", name: str) -> bool:
    lock = tools(settings).get(name)
    return bool(lock and virtualenvs.is_current(settings.environments / name, lock))


@functools.cache
def _deployer(environments: Path) -> Deployer:
    python = virtualenvs.python_of(environments / TOOLS)
    return Deployer(python, environments / "deployer.log", environ.of_tool())


def _settle(settings: "Settings") -> None:
    """Keep the SAM CLI from asking PyPI for a newer version than the one that is pinned."""
    file = settings.state / "sam/metadata.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError), file.open("x") as metadata:
        json.dump({"lastVersionCheck": time.time()}, metadata)
