"""A deployment's settings, all of them from the environment."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deploy.errors import DeployError

REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


@dataclass(frozen=True)
class Settings:
    """What to deploy, and where.

    Attributes:
        stack: The stack's name.
        environment: Names the file in `parameters/`.
        region: The AWS region.
        overrides: Parameters of this deployment, `Name=value …`.
        version: The commit that is deployed.
        packaged: The files in `build/` that are deployed.
        has_artifacts: Whether packages are uploaded to the bucket for code.
        executes: Whether the change set is executed, and not merely made.
        protects: Whether the stack is protected, which not every emulator can.
    """

    stack: str
    environment: str
    region: str
    overrides: str
    version: str
    packaged: tuple[str, ...]
    has_artifacts: bool
    executes: bool
    protects: bool

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables that the Makefile sets.

        Raises:
            DeployError: If one is missing or wrong.
        """
        environment = environ.get("ENVIRONMENT", "")
        known = sorted(path.stem for path in Path("parameters").glob("*.yml"))
        if environment not in known:
            raise DeployError(f"ENVIRONMENT must be one of {', '.join(known)}.")
        region = environ.get("REGION", "")
        if not region:
            raise DeployError(f"Name the region: make … ENVIRONMENT={environment} REGION=…")
        if not REGION.fullmatch(region):
            raise DeployError(
                f"REGION must be the name of an AWS region, such as us-west-1, not {region!r}."
            )
        return cls(
            stack=environ["STACK"],
            environment=environment,
            region=region,
            overrides=environ.get("PARAMETERS", ""),
            version=environ.get("BITBUCKET_COMMIT") or _described(),
            packaged=tuple(environ.get("PACKAGED", "").split()),
            has_artifacts=bool(environ.get("ARTIFACTS", "").strip()),
            executes=_switch(environ, "EXECUTE"),
            protects=_switch(environ, "PROTECT") and environment != "test",
        )

    @property
    def parameters(self) -> Path:
        """The environment's file."""
        return Path("parameters") / f"{self.environment}.yml"


def _switch(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "yes")
    if value not in {"yes", "no"}:
        raise DeployError(f"{name} must be yes or no.")
    return value == "yes"


def _described() -> str:
    """Return the commit that git has here, marked if something is not committed."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    command = [git, "describe", "--always", "--abbrev=40", "--exclude", "*", "--dirty"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 # nosec B603 # no text of a user
    return done.stdout.strip() or "unknown"
