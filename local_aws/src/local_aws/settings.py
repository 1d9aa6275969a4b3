"""Where an embedded cloud lives, and with what it is built."""

import os
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from local_aws.tools import given

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[3]
LOCAL_AWS = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 4566
HIGHEST_PORT = 65535


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One embedded cloud; clouds with different state directories do not know of each other.

    Attributes:
        root: Directory that holds the components side by side.
        state: Directory for everything this cloud writes: records, logs, temporary files.
        environments: Directory of the emulators' virtual environments; clouds may share it.
        port: TCP port of the AWS APIs on the loopback interface; 0 chooses a free one, None takes
            the one that it has, or else 4566.
        account: The AWS account's number, 12 digits.
        region: Region of the deployments.
        environment: Which of a component's `parameters/<environment>.yml` is deployed.
        model: Model package to serve; None takes the one that is served, or else the one that
            sagemaker_endpoint builds.
        parameters: Further CloudFormation parameters, for the templates that have them.
        size: Names the files in `parameters/sizes` that override the environment's; empty for none.
        keep: Whether what MiniStack holds when it is stopped is there again at its next start; None
            leaves a MiniStack that runs as it is, and starts one that keeps nothing.
        uv: Command that builds virtual environments.
        program: What MiniStack's Python runs, and its arguments, if not `patched_ministack.py`.
    """

    root: Path
    state: Path
    environments: Path
    port: int | None = None
    account: str = "123456789012"
    region: str = "us-west-1"
    environment: str = "test"
    model: Path | None = None
    parameters: str = ""
    size: str = ""
    keep: bool | None = None
    uv: str = "uv"
    program: tuple[str, ...] = ()

    @classmethod
    def read(cls, environ: "Mapping[str, str] | None" = None, root: Path = ROOT) -> Self:
        """Read the settings from environment variables, which is how `make` passes them on.

        Args:
            environ: Environment variables: IMAGELABELLER_STATE, _PORT, _MODEL, _PARAMETERS,
                _SIZE and _KEEP, and UV.
            root: Directory that holds the components.

        Raises:
            UsageError: If the port is not a port, or _KEEP neither yes nor no.
        """
        environ = os.environ if environ is None else environ
        chosen = given.variables(environ)
        state = Path(chosen.get("STATE") or root / ".local").absolute()
        return cls(
            root=root,
            state=state,
            environments=state / "environments",
            port=given.number(chosen, "PORT", HIGHEST_PORT, "any free port"),
            model=_model(chosen.get("MODEL")),
            parameters=chosen.get("PARAMETERS", ""),
            size=chosen.get("SIZE", ""),
            keep=given.answer(chosen, "KEEP"),
            uv=_uv(environ.get("UV"), root),
        )

    def serving(self, model: Path) -> Self:
        """Return the same settings, but with another model package."""
        return replace(self, model=model.absolute())

    @property
    def logs(self) -> Path:
        """Directory of the servers' and the deployments' logs."""
        return self.state / "log"

    @property
    def temporary(self) -> Path:
        """Directory for MiniStack's temporary files, among them its Lambdas' code."""
        return self.state / "tmp"

    @property
    def kept(self) -> Path:
        """Directory for what MiniStack holds from one start to the next."""
        return self.state / "kept"


def _model(text: str | None) -> Path | None:
    return Path(text).expanduser().absolute() if text else None


def _uv(named: str | None, root: Path) -> str:
    """Find uv: the one named, the project's own, the one next to this Python, any on the path."""
    if named:
        return named
    for candidate in (root / ".uv/bin/uv", Path(sys.executable).with_name("uv")):
        if candidate.exists():
            return str(candidate)
    return shutil.which("uv") or "uv"
