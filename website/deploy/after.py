"""What a component alone does once its stack is deployed: its `postdeploy.py`, if it has one.

It is part of the deployment: one whose last step fails has failed, and is repeated as a whole.
`python -m deploy.after` does only this, where the stack was deployed by other means.
"""

import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy import outcome, package
from deploy.settings import Settings

FILE = Path("postdeploy.py")
SOURCES = Path("src")


def publish(stack: str, region: str) -> None:
    """Let the component finish its deployment.

    Args:
        stack: The stack's name.
        region: The region.

    Raises:
        DeployError: If it cannot; the message says what to do.
    """
    if not FILE.exists():
        return
    sys.path.insert(0, str(SOURCES.absolute()))
    spec = importlib.util.spec_from_file_location(FILE.stem, FILE.absolute())
    assert spec and spec.loader  # noqa: PT018, S101 # nosec B101 # it is a file of Python
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.publish(stack, region)


def main(environ: Mapping[str, str]) -> int:
    """Finish a deployment.

    Args:
        environ: Environment variables.

    Returns:
        The exit status: 0, or 2 where something prevented it.
    """

    def publication() -> int:
        settings = Settings.read(environ)
        package.check(settings.packaged)
        publish(settings.stack, settings.region)
        return 0

    return outcome.of(publication, environ.get("REGION", ""))


if __name__ == "__main__":
    sys.exit(main(os.environ))
