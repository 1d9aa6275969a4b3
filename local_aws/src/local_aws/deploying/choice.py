"""Which target the user means, by the variables CLOUD, ENVIRONMENT and REGION."""

from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.loaders import create_loader

from local_aws.deploying.aws import Aws
from local_aws.deploying.emulated import Emulated
from local_aws.errors import UsageError
from local_aws.project.places import FACTS, PLACES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_aws.deploying.target import Target
    from local_aws.settings import Settings
    from local_aws.tools.progress import Progress


def target(settings: "Settings", progress: "Progress", given: "Mapping[str, str]") -> "Target":
    """Choose where to act.

    Args:
        settings: Those of the embedded cloud.
        progress: Shows what is being done.
        given: What the user has set: CLOUD (`aws`; the embedded cloud otherwise), ENVIRONMENT and
            REGION.

    Raises:
        UsageError: If one of them is wrong.
        NotRunningError: If the embedded cloud is meant and does not run.
    """
    environment = given.get("ENVIRONMENT") or settings.environment
    if environment not in FACTS.environments:
        known = ", ".join(FACTS.environments)
        raise UsageError(f"ENVIRONMENT must be one of {known}, not {environment!r}.")
    regions = FACTS.environments[environment]
    region = given.get("REGION") or (regions[0] if len(regions) == 1 else "")
    if not region:
        raise UsageError(f"Name the region: ENVIRONMENT={environment} REGION=…")
    if region not in _regions_of_aws():
        raise UsageError(f"AWS has no region {region!r}. Correct REGION, as in REGION=us-west-1.")
    # Stacks have the same names in every environment: one would overwrite the other's.
    for place in FACTS.places:
        if place.region == region and place.environment != environment:
            raise UsageError(
                f"{region} is a region of {place.environment}; {environment} has"
                f" {', '.join(regions)}. Correct ENVIRONMENT or REGION."
            )
    chosen = replace(settings, environment=environment, region=region)
    match given.get("CLOUD") or "embedded":
        case "aws":
            return Aws(chosen, progress)
        case "embedded":
            emulated = Emulated(chosen, progress)
            emulated.server()
            return emulated
        case other:
            raise UsageError(f"CLOUD must be embedded or aws, not {other!r}.")


def everywhere(given: "Mapping[str, str]") -> "list[dict[str, str]]":
    """Return the environments and regions that are meant: all, if none is named."""
    environment, region = given.get("ENVIRONMENT"), given.get("REGION")
    meant = [
        {"ENVIRONMENT": each.environment, "REGION": each.region}
        for each in PLACES
        if environment in {None, each.environment} and region in {None, each.region}
    ]
    # Somebody's own region, or one that an environment is usually not in.
    return meant or [{}]


def _regions_of_aws() -> set[str]:
    """Return the regions of all partitions, as botocore knows them."""
    partitions = create_loader().load_data("endpoints")["partitions"]
    return {region for partition in partitions for region in partition["regions"]}
