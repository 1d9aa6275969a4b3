"""Virtual environments of the servers, built with uv from locked requirements."""

import hashlib
import sys
from typing import TYPE_CHECKING

from local_aws.servers import state
from local_aws.tools import environ

if TYPE_CHECKING:
    from pathlib import Path

    from local_aws.tools.commands import Runner

# Says what the environment was built from. Make knows it by this name.
STAMP = "installed"


def python_of(environment: "Path") -> "Path":
    """Return the Python of a virtual environment."""
    return environment / "bin" / "python"


def is_current(environment: "Path", requirements: "Path") -> bool:
    """Tell whether the environment was built from these requirements, for this Python."""
    try:
        return (environment / STAMP).read_text() == _digest(requirements)
    except FileNotFoundError:
        return False


def build(
    runner: "Runner", uv: str, environment: "Path", requirements: "Path", log: "Path"
) -> None:
    """Build an environment, unless it is what its lock file says already.

    Args:
        runner: Runs uv.
        uv: Command that builds environments.
        environment: The environment's directory.
        requirements: Lock file with hashes.
        log: File that gets uv's output.

    Raises:
        CommandError: If it could not be built; nothing half-built passes for built afterwards.
    """
    # Clouds may share an environment.
    with state.locked(environment.with_name(f"{environment.name}.lock"), wait=True):
        if is_current(environment, requirements):
            return
        variables = environ.of_tool() | {"UV_PYTHON_DOWNLOADS": "never"}
        python = str(python_of(environment))
        # The Python that runs this: it decides which native wheels MiniStack's Lambdas can load.
        create = ["venv", "--clear", "--python", sys.executable, str(environment)]
        fill = ["pip", "install", "--require-hashes", "--python", python, "-r", str(requirements)]
        for arguments in (create, fill):
            runner.run([uv, "--quiet", *arguments], environment.parent, variables, log)
        (environment / STAMP).write_text(_digest(requirements))


def _digest(requirements: "Path") -> str:
    return hashlib.sha256(sys.version.encode() + requirements.read_bytes()).hexdigest()
