"""What the verbs of the command line do, and how the user's variables choose the place."""

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from local_aws.cloud import Cloud
from local_aws.errors import UsageError
from local_aws.operations import destroy as destruction
from local_aws.operations import drift as drifting
from local_aws.operations import review
from local_aws.operations.aws import Aws
from local_aws.operations.embedded import Embedded
from local_aws.plans import MINISTACK

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from rich.console import Console

    from local_aws.operations.place import Place

# Where an environment is; Production is in three regions, so that one has to be named.
REGIONS = {"test": "us-west-1", "staging": "us-east-2", "production": None}


def place(cloud: Cloud, environ: "Mapping[str, str]") -> "Place":
    """Choose where to act.

    Args:
        cloud: The embedded cloud.
        environ: Environment variables: CLOUD (`aws`; the embedded cloud otherwise), ENVIRONMENT and
            REGION.

    Raises:
        UsageError: If one of them is wrong.
        NotRunningError: If the embedded cloud is meant and does not run.
    """
    environment = environ.get("ENVIRONMENT") or cloud.settings.environment
    if environment not in REGIONS:
        raise UsageError(f"ENVIRONMENT must be one of {', '.join(REGIONS)}, not {environment!r}.")
    region = environ.get("REGION") or REGIONS[environment]
    if not region:
        raise UsageError(f"Name the region: ENVIRONMENT={environment} REGION=…")
    settings = replace(cloud.settings, environment=environment, region=region)
    match environ.get("CLOUD") or "embedded":
        case "aws":
            return Aws(settings, cloud.progress)
        case "embedded":
            cloud.server(MINISTACK)
            return Embedded(Cloud(settings, cloud.progress))
        case other:
            raise UsageError(f"CLOUD must be embedded or aws, not {other!r}.")


def changes(cloud: Cloud, console: "Console", chosen: "argparse.Namespace") -> int:
    """Show what would change."""
    return review.changes(place(cloud, os.environ), console, chosen.components)


def deploy(cloud: Cloud, console: "Console", chosen: "argparse.Namespace") -> bool:
    """Review and deploy.

    Returns:
        Whether it went where the embedded cloud itself deploys to.
    """
    allowed = os.environ.get("ALLOW_REPLACEMENT") or "no"
    if allowed not in {"yes", "no"}:
        raise UsageError(f"ALLOW_REPLACEMENT must be yes or no, not {allowed!r}.")
    where = place(cloud, os.environ)
    review.deploy(where, console, chosen.components, allow_replacement=allowed == "yes")
    return where.settings == cloud.settings and isinstance(where, Embedded)


def drift(cloud: Cloud, console: "Console", chosen: "argparse.Namespace") -> int:
    """Show drift."""
    return drifting.drift(place(cloud, os.environ), console, chosen.components)


def destroy(cloud: Cloud, console: "Console", _: "argparse.Namespace") -> int:
    """Destroy an environment."""
    named = os.environ.get("ENVIRONMENT")
    # Before a region is asked for that does not matter.
    destruction.check_environment(named)
    return destruction.destroy(
        place(cloud, os.environ),
        console,
        environment=named,
        confirmation=os.environ.get("CONFIRM"),
    )
