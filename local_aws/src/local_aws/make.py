"""A component's own Makefile, run for the embedded cloud."""

import hashlib
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_aws.parameters import as_argument
from local_aws.plans import ACCESS_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from local_aws.commands import Runner
    from local_aws.components import Component
    from local_aws.settings import Settings

# Not handed on: what would turn a local deployment into one to AWS, and what the house's make was
# called with.
WITHHELD_PREFIXES = ("AWS_", "MAKE", "PACKAGE_", "SAM_CLI_")
WITHHELD = (
    *("COMPONENT", "ENVIRONMENT", "FILE", "MFLAGS", "MODEL", "PARAMETERS", "PORT", "PYTHONPATH"),
    *("REGION", "URL", "VIRTUAL_ENV"),
)


def environment(settings: "Settings", url: str | None) -> dict[str, str]:
    """Return the environment variables of a component's make.

    Args:
        settings: The cloud's settings.
        url: Where the AWS APIs answer; None where nothing is deployed.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in WITHHELD and not name.startswith(WITHHELD_PREFIXES)
    }
    return kept | {
        "UV": settings.uv,
        "PYTHON": sys.executable,
        "PYTHONPYCACHEPREFIX": str(settings.state / "pycache"),
        "SAM_CLI_POLL_DELAY": "0.3",
        **credentials(settings, url),
    }


def credentials(settings: "Settings", url: str | None) -> dict[str, str]:
    """Return what sends an AWS SDK or the SAM CLI to an emulator, and keeps it from AWS."""
    nowhere = {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    if url is None:
        return nowhere
    return nowhere | {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_DEFAULT_REGION": settings.region,
        "AWS_ENDPOINT_URL": url,
    }


@dataclass(frozen=True)
class Make:
    """Runs the components' make.

    Attributes:
        runner: Runs tools.
        settings: The cloud's settings.
        target: Make variables that say for which machine packages are built.
    """

    runner: "Runner"
    settings: "Settings"
    target: "Sequence[str]" = ()

    def package(self, component: "Path") -> None:
        """Build what a component deploys.

        Args:
            component: The component's directory.

        Raises:
            CommandError: If that fails.
        """
        log = self.settings.logs / f"package-{component.name}.log"
        self.runner.run(self._make("package"), component, environment(self.settings, None), log)

    def deploy(self, component: "Component", url: str, values: "Mapping[str, str]") -> None:
        """Deploy a component to an emulator.

        Args:
            component: The component.
            url: Where the emulator answers.
            values: Parameters that differ from the environment's file.

        Raises:
            CommandError: If that fails.
        """
        command = self._make(
            "deploy",
            f"ENVIRONMENT={self.settings.environment}",
            f"REGION={self.settings.region}",
            f"PARAMETERS={as_argument(values)}",
        )
        log = self.settings.logs / f"deploy-{component.name}.log"
        self.runner.run(command, component.path, environment(self.settings, url), log)

    def _make(self, *words: str) -> list[str]:
        # The Makefile forbids bytecode, with which the SAM CLI starts twice as fast; here it is
        # kept in the state directory.
        return ["make", "--no-print-directory", *words, *self.target, "PYTHONDONTWRITEBYTECODE="]


def digest(component: "Component", environment_name: str, values: "Mapping[str, str]") -> str:
    """Return a digest of all that a deployment of the component depends on.

    Args:
        component: The component, packaged.
        environment_name: Names its file of parameters.
        values: Parameters that differ from those.
    """
    files = [
        *sorted(path for path in (component.path / "build").iterdir() if path.is_file()),
        component.path / "parameters" / f"{environment_name}.yml",
    ]
    whole = hashlib.sha256(repr(sorted(values.items())).encode())
    for path in files:
        if path.exists():
            whole.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
