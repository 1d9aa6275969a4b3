"""Every template, as each region would create it, against the registry schemas of that region."""

from collections import Counter

import pytest

from conformance import deployments, registry
from conformance.deployments import ENVIRONMENTS, Deployment

SOURCE = "CloudFormation registry schemas"
EVERY = list(deployments.every())
# A change of a parameter may put another resource in the place of one of these: they hold nothing,
# and nobody outside of their stack knows their names.
MAY_BE_REPLACED = {"AWS::SageMaker::EndpointConfig", "AWS::SageMaker::Model"}
# With another value, it is another stack.
SAYS_WHICH = {"Deploys"}


@pytest.mark.parametrize("region", ENVIRONMENTS)
def test_every_resource_fits_the_schema_of_its_type(
    region: str, checks: Counter[tuple[str, str]]
) -> None:
    faults = []
    for deployment in EVERY:
        if deployment.region == region:
            for name, resource in deployment.resolver().resources().items():
                kind, properties = resource["Type"], resource["Properties"]
                found = registry.findings(kind, properties, region)
                faults += [f"{deployment}: {name} ({kind}): {each}" for each in found]
                checks[SOURCE, f"resources in {region}"] += 1
                checks[SOURCE, f"properties in {region}"] += registry.counted(properties)

    assert not faults, "\n".join(faults)


def test_a_changed_parameter_replaces_nothing_that_holds_data(
    checks: Counter[tuple[str, str]],
) -> None:
    replaced = set()
    changed = (each for each in EVERY if each.change.keys() - SAYS_WHICH)
    for deployment in (each for each in changed if each.region == next(iter(ENVIRONMENTS))):
        before = _create_only(Deployment(deployment.path, deployment.stack, deployment.region))
        after = _create_only(deployment)
        for name in before.keys() & after.keys():
            checks[SOURCE, "resources under a changed parameter"] += 1
            if before[name] != after[name]:
                replaced.add((str(deployment), name, after[name][0]))

    assert replaced
    assert not [each for each in replaced if each[2] not in MAY_BE_REPLACED]


def _create_only(deployment: Deployment) -> dict[str, tuple[str, dict[str, object]]]:
    return {
        name: (
            resource["Type"],
            registry.create_only(resource["Type"], resource["Properties"], deployment.region),
        )
        for name, resource in deployment.resolver().resources().items()
    }
