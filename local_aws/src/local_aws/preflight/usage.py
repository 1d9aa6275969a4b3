"""What the application takes of each quota, worked out from its templates and parameter files."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from zipfile import ZipFile

import yaml

from local_aws.preflight import policies
from local_aws.preflight.measures import ACCOUNT, EACH, REGIONAL
from local_aws.project import components, templates
from local_aws.project.expansion import Stack
from local_aws.project.places import PLACES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from local_aws.project.components import Component

DEPLOY_ROLES = "deploy_roles"


@dataclass(frozen=True)
class Usage:
    """What is taken by the components of a project.

    Attributes:
        root: Directory of the components.
    """

    root: "Path"

    def region(
        self, environment: str, values: "Mapping[str, Mapping[str, str]] | None" = None
    ) -> dict[str, int]:
        """Work out what one region takes.

        Args:
            environment: Names the parameter files.
            values: By component, the values of all parameters; by default those of the files.

        Returns:
            By the ids of the quotas that count in a region or for each resource, without those
            of packages where nothing is packaged.
        """
        stacks = self.application(environment, values)
        found = {name: measure(stacks) for name, measure in REGIONAL.items()}
        everything = [*stacks, self._account, *self._roles]
        found |= {name: measure(everything) for name, measure in EACH.items()}
        return found | policies.sizes(everything) | self._sizes | self._packages()

    def account(self, environments: Iterable[str]) -> dict[str, int]:
        """Work out what an account takes that holds some regions.

        Args:
            environments: The environment of each region in the account.

        Returns:
            By the ids of the quotas that count in the whole account.
        """
        regions = list(environments)
        stacks = [stack for name in regions for stack in self.application(name)]
        # A role for each repository in each region.
        stacks += [self._account, *self._roles * len(regions)]
        return {name: measure(stacks) for name, measure in ACCOUNT.items()}

    def all_together(self) -> dict[str, int]:
        """Work out the most that any region takes, and the account if all regions are in it."""
        found = self.account(place.environment for place in PLACES)
        for environment in dict.fromkeys(place.environment for place in PLACES):
            for name, number in self.region(environment).items():
                found[name] = max(number, found.get(name, 0))
        return found

    def application(
        self, environment: str, values: "Mapping[str, Mapping[str, str]] | None" = None
    ) -> list[Stack]:
        """Return the stacks of the application in one region."""
        return [
            Stack(
                each.name,
                each.template,
                values[each.name] if values else each.parameters(environment),
            )
            for each in self._components
            if each.name != DEPLOY_ROLES
        ]

    @cached_property
    def _components(self) -> "list[Component]":
        return list(components.discover(self.root).values())

    @cached_property
    def _account(self) -> Stack:
        return self._of_roles("template.yml", {})

    @cached_property
    def _roles(self) -> list[Stack]:
        """The role's stack once for each thing that it may deploy."""
        kinds = self._of_roles("role.yml", {}).template["Parameters"]["Deploys"]["AllowedValues"]
        return [self._of_roles("role.yml", {"Deploys": str(kind)}) for kind in kinds]

    @cached_property
    def _sizes(self) -> dict[str, int]:
        documents = [
            *(each.template for each in self._components),
            *(self._of_roles(file, {}).template for file in ("template.yml", "role.yml")),
        ]
        # The SAM CLI writes a template again, with what it includes, before it sends it.
        return {"template-bytes": max(len(yaml.safe_dump(each).encode()) for each in documents)}

    def _packages(self) -> dict[str, int]:
        """Measure the largest package of a function; nothing where nothing is packaged."""
        built = [
            path
            for each in self._components
            for artifact in each.artifacts
            if artifact.endswith(".zip") and (path := each.path / "build" / artifact).exists()
        ]
        if not built:
            return {}
        return {
            "package-bytes": max(path.stat().st_size for path in built),
            "unpacked-bytes": max(_unpacked(path) for path in built),
        }

    def _of_roles(self, file: str, given: dict[str, str]) -> Stack:
        template = templates.read(self.root / DEPLOY_ROLES / file)
        declared = template.get("Parameters") or {}
        defaults = {name: str(each.get("Default", "")) for name, each in declared.items()}
        return Stack(DEPLOY_ROLES, template, defaults | given)


def _unpacked(path: "Path") -> int:
    with ZipFile(path) as package:
        return sum(each.file_size for each in package.infolist())
