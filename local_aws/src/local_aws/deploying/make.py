"""A component's own Makefile: what it builds, and how it deploys."""

import hashlib
import shutil
import sys
from typing import TYPE_CHECKING

from local_aws.deploying import shared
from local_aws.errors import DeploymentError
from local_aws.project import parameters
from local_aws.tools import environ
from local_aws.tools.commands import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from local_aws.deploying.target import Target
    from local_aws.project.components import Component
    from local_aws.settings import Settings
    from local_aws.tools.commands import Runner


def variables(settings: "Settings") -> dict[str, str]:
    """Return the environment variables with which a component's make uses this package's tools.

    Args:
        settings: Name uv and the state directory.
    """
    return {
        "UV": settings.uv,
        "PYTHON": sys.executable,
        # The SAM CLI remembers who it is in the user's home, which may not be writable.
        "__SAM_CLI_APP_DIR": str(settings.state / "sam"),
    }


def package(
    runner: "Runner", settings: "Settings", directory: "Path", platform: "Sequence[str]" = ()
) -> None:
    """Build what a component deploys.

    Args:
        runner: Runs it.
        settings: The cloud's settings.
        directory: The component's directory.
        platform: Make variables that say for which machine.

    Raises:
        CommandError: If that fails.
    """
    command = ["make", "--no-print-directory", "package", *platform, *shared.to_package(settings)]
    log = settings.logs / f"package-{directory.name}.log"
    runner.run(command, directory, environ.of_tool() | variables(settings), log)


def deploy(
    runner: "Runner", target: "Target", component: "Component", *, execute: bool = True
) -> None:
    """Deploy a component, or make its change set.

    Args:
        runner: Runs it.
        target: Where to.
        component: The component.
        execute: Whether the change set is executed, and not merely made.

    Raises:
        CommandError: If it fails; the message is the line of its output that says why.
    """
    settings = target.settings
    command = ["make", "--no-print-directory", "deploy", f"ENVIRONMENT={settings.environment}"]
    command += [f"REGION={settings.region}", *target.platform, *shared.to_deploy(settings)]
    if not execute:
        command.append("EXECUTE=no")
    if not target.is_complete(component):
        command.append("PROTECT=no")
    values = parameters.as_argument(target.values_of(component))
    log = settings.logs / f"{'deploy' if execute else 'changes'}-{component.name}.log"
    given = target.variables(component) | {"PARAMETERS": values}
    runner.run(command, component.path, given, log)


def publish(runner: "Runner", target: "Target", component: "Component") -> None:
    """Publish what a component publishes once its stack is deployed, if anything.

    Raises:
        CommandError: If it fails; the message is the line of its output that says why.
    """
    if not component.published:
        return
    settings = target.settings
    command = ["make", "--no-print-directory", "publish", f"ENVIRONMENT={settings.environment}"]
    command += [f"REGION={settings.region}", *shared.to_package(settings)]
    log = settings.logs / f"publish-{component.name}.log"
    runner.run(command, component.path, target.variables(component), log)


def rebuild(runner: "Runner", target: "Target", component: "Component") -> None:
    """Build what a component deploys to a target, again where its wheels are for another machine.

    Raises:
        DeploymentError: If it cannot be packaged.
    """
    discard_foreign(target, component)
    try:
        with target.progress.task(f"packaging {component.name}", f"{component.name} packaged"):
            package(runner, target.settings, component.path, target.platform)
    except CommandError as error:
        raise DeploymentError(f"{component.name} cannot be packaged: {error}") from error


def discard_foreign(target: "Target", component: "Component") -> None:
    """Remove a package with native wheels where the target's machine is not Lambda's.

    Make cannot see for which machine a package is: neither may one for AWS be deployed here, nor
    one for this machine to AWS.
    """
    if target.platform and any(each.endswith(".zip") for each in component.artifacts):
        shutil.rmtree(component.path / "build", ignore_errors=True)


def digest(component: "Component", environment: str, values: "Mapping[str, str]") -> str:
    """Return a digest of all that a deployment of the component depends on.

    Args:
        component: The component, packaged.
        environment: Names its file of parameters.
        values: Parameters that differ from those.
    """
    files = [
        *sorted(path for path in (component.path / "build").iterdir() if path.is_file()),
        component.path / "parameters" / f"{environment}.yml",
    ]
    whole = hashlib.sha256(repr(sorted(values.items())).encode())
    for path in files:
        if path.exists():
            whole.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
