"""The components of the project that have a stack."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from local_aws.errors import CloudError, UsageError
from local_aws.project import templates
from local_aws.project.places import FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ASSIGNMENT = re.compile(r"^(STACK|ARTIFACTS|PUBLISHED)\s*:?=[ \t]*(.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Component:
    """A directory with a template, deployed by its own Makefile.

    Attributes:
        path: The directory.
        stack: Name of its stack.
        artifacts: Files that it builds and uploads to the bucket for code.
        published: Files that it builds and publishes once its stack is deployed.
    """

    path: "Path"
    stack: str
    artifacts: tuple[str, ...] = ()
    published: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the component: its directory's."""
        return self.path.name

    @cached_property
    def template(self) -> dict[str, Any]:
        """The stack's template."""
        return templates.read(self.path / "template.yml")

    @property
    def needs_sagemaker(self) -> bool:
        """Whether the stack has resources of SageMaker, which MiniStack does not know."""
        return any(
            str(resource.get("Type", "")).startswith("AWS::SageMaker::")
            for resource in self.template.get("Resources", {}).values()
        )

    def parameters(self, environment: str) -> dict[str, str]:
        """Return the parameters' values: the template's defaults, then the environment's.

        Args:
            environment: Names the file in `parameters/`.
        """
        declared = self.template.get("Parameters") or {}
        values = {name: str(rest.get("Default", "")) for name, rest in declared.items()}
        path = self.path / "parameters" / f"{environment}.yml"
        if path.exists():
            values |= {name: str(value) for name, value in templates.read(path).items()}
        return values

    def unset(self, values: "Mapping[str, str]") -> list[str]:
        """Return the parameters that have neither a default nor one of these values."""
        declared = self.template.get("Parameters") or {}
        return [
            name
            for name, rest in declared.items()
            if "Default" not in rest and not values.get(name)
        ]


def discover(root: "Path") -> dict[str, Component]:
    """Find the components of a project, by name.

    Raises:
        CloudError: If there are none.
    """
    found = [_component(path.parent) for path in sorted(root.glob("*/template.yml"))]
    named = {component.name: component for component in found if component.stack}
    if not named:
        raise CloudError(f"There are no components in {root}.")
    return named


def choose(
    components: "Mapping[str, Component]",
    names: "Sequence[str]",
    environment: str,
    local: "Mapping[str, str]",
) -> "list[Component]":
    """Return the named components, or all that can be deployed if none is named.

    Args:
        components: All components of the project.
        names: The wanted ones.
        environment: Names their files of parameters.
        local: Parameters that are given in addition.

    Raises:
        UsageError: If there is no such component, it has no stack, or parameters of a named one
            have no value.
    """
    chosen = []
    for name in dict.fromkeys(names or components):
        if name not in components:
            # Documentation, suites and tools are components, too.
            listed = ", ".join(components)
            if name in FACTS.components:
                raise UsageError(f"{name} has no stack. Components with one: {listed}.")
            raise UsageError(f"There is no component {name!r}; there are {listed}.")
        component = components[name]
        unset = component.unset({**component.parameters(environment), **local})
        # What needs a value is not part of the application but of somebody's account.
        if not unset:
            chosen.append(component)
        elif names:
            raise UsageError(
                f'{name} needs PARAMETERS="{" ".join(f"{each}=…" for each in unset)}".'
            )
    return chosen


def assignments(path: "Path") -> dict[str, str]:
    """Read what a component's makefiles assign to STACK, ARTIFACTS and PUBLISHED.

    Args:
        path: The component's directory.
    """
    # As make reads them: what is special about a component comes after what all have.
    makefiles = [path / name for name in ("Makefile", "component.mk")]
    text = "\n".join(each.read_text() for each in makefiles if each.exists())
    return dict(ASSIGNMENT.findall(text))


def _component(path: "Path") -> Component:
    assigned = assignments(path)
    artifacts, published = (
        tuple(assigned.get(name, "").split()) for name in ("ARTIFACTS", "PUBLISHED")
    )
    return Component(path, assigned.get("STACK", ""), artifacts, published)
