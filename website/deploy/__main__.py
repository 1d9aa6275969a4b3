"""Deploys what build/ holds, as it is: `python -m deploy`."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy import after, before, outcome, package, parameters, sam
from deploy.settings import Settings

TEMPLATE = Path("build/template.yml")


def main(environ: Mapping[str, str], run: sam.Command = sam.command) -> int:
    """Deploy.

    Args:
        environ: Environment variables.
        run: Runs the SAM CLI.

    Returns:
        The exit status: the SAM CLI's, or 2 where nothing was begun.
    """

    def deployment() -> int:
        settings = Settings.read(environ)
        digest = package.check(settings.packaged)
        values = parameters.final(TEMPLATE, settings.parameters, settings.overrides)
        before.check(settings.stack, settings.region, values)
        status = sam.deploy(TEMPLATE, settings, digest, values, run)
        if settings.executes and not status:
            after.publish(settings.stack, settings.region)
        return status

    return outcome.of(deployment, environ.get("REGION", ""))


if __name__ == "__main__":
    sys.exit(main(os.environ))
