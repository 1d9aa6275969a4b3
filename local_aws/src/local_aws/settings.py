"""Where an embedded cloud lives, and with what it is built."""

import os
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from local_aws.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

HOUSE = Path(__file__).resolve().parents[3]
LOCAL_AWS = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 4566
HIGHEST_PORT = 65535


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One embedded cloud; clouds with different state directories do not know of each other.

    Attributes:
        house: Directory that holds the components side by side.
        state: Directory for everything this cloud writes: records, logs, temporary files.
        environments: Directory of the emulators' virtual environments; clouds may share it.
        port: TCP port of the AWS APIs on the loopback interface; 0 chooses a free one.
        account: The AWS account's number, 12 digits.
        region: Region of the deployments.
        environment: Which of a component's `parameters/<environment>.yml` is deployed.
        model: Model package to serve instead of the one that sagemaker_endpoint builds.
        parameters: Further CloudFormation parameters, for the templates that have them.
        keep: Whether what MiniStack holds when it is stopped is there again at its next start.
        uv: Command that builds virtual environments.
        calls: File that gets each decision of IAM, a line of JSON; none of them by default.
    """

    house: Path
    state: Path
    environments: Path
    port: int = DEFAULT_PORT
    account: str = "123456789012"
    region: str = "us-west-1"
    environment: str = "test"
    model: Path | None = None
    parameters: str = ""
    keep: bool = False
    uv: str = "uv"
    calls: Path | None = None

    @classmethod
    def read(cls, environ: "Mapping[str, str] | None" = None, house: Path = HOUSE) -> Self:
        """Read the settings from environment variables, which is how `make` passes them on.

        Args:
            environ: Environment variables: PORT, MODEL, PARAMETERS, KEEP, UV and
                LOCAL_AWS_STATE.
            house: Directory that holds the components.

        Raises:
            UsageError: If PORT is not a port, or KEEP neither yes nor no.
        """
        environ = os.environ if environ is None else environ
        state = Path(environ.get("LOCAL_AWS_STATE") or house / ".local").absolute()
        model = environ.get("MODEL")
        return cls(
            house=house,
            state=state,
            environments=state / "environments",
            port=_port(environ.get("PORT") or str(DEFAULT_PORT)),
            model=Path(model).absolute() if model else None,
            parameters=environ.get("PARAMETERS", ""),
            keep=_keep(environ.get("KEEP") or "no"),
            uv=_uv(environ.get("UV"), house),
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


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > HIGHEST_PORT:
        raise UsageError(f"PORT must be a number from 0 (any free port) to 65535, not {text!r}.")
    return int(text)


def _keep(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise UsageError(f"KEEP must be yes or no, not {text!r}.")
    return text == "yes"


def _uv(named: str | None, house: Path) -> str:
    """Find uv: the one named, the house's own, the one beside this Python, any on the path."""
    if named:
        return named
    for candidate in (house / ".uv/bin/uv", Path(sys.executable).with_name("uv")):
        if candidate.exists():
            return str(candidate)
    return shutil.which("uv") or "uv"
