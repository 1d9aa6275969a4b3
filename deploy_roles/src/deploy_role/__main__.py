"""Deploys role.yml for one repository and environment: `python -m deploy_role`."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from deploy import outcome, package, parameters, sam
from deploy.errors import DeployError
from deploy.settings import Settings

TEMPLATE = Path("build/role.yml")


def main(environ: Mapping[str, str], run: sam.Command = sam.command) -> int:
    """Deploy a role.

    Args:
        environ: Environment variables: those of `deploy.settings`, ROLE_FOR and ROLE_PARAMETERS.
        run: Runs the SAM CLI.

    Returns:
        The exit status: the SAM CLI's, or 2 where nothing was begun.
    """

    def deployment() -> int:
        settings = Settings.read(environ)
        deploys = _deploys(environ.get("ROLE_FOR", ""))
        values = parameters.final(
            TEMPLATE,
            settings.parameters,
            f"{environ.get('ROLE_PARAMETERS', '')} Deploys={deploys}",
            "ROLE_PARAMETERS",
        )
        role = f"{settings.stack}-{deploys.removeprefix('OpenDevOps')}"
        digest = package.digest([str(TEMPLATE)])
        return sam.deploy(
            TEMPLATE, replace(settings, stack=role, has_artifacts=False), digest, values, run
        )

    return outcome.of(deployment, environ.get("REGION", ""))


def _deploys(named: str) -> str:
    known: list[str] = parameters.read(TEMPLATE)["Parameters"]["Deploys"]["AllowedValues"]
    if named not in known:
        raise DeployError(f"ROLE_FOR must name what the repository deploys: {', '.join(known)}.")
    return named


if __name__ == "__main__":
    sys.exit(main(os.environ))
