"""A component's `.taskcat.yml`: where which template becomes which stack."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_aws.errors import CloudError
from local_aws.project import templates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_aws.project.components import Component

FILE = ".taskcat.yml"
NEEDED = ("regions", "template", "stack_name")


@dataclass(frozen=True)
class Config:
    """What taskcat makes of a component.

    Attributes:
        component: The component.
        templates: The template of each region, relative to the project's directory.
        stacks: The name of each region's stack.
    """

    component: "Component"
    templates: "Mapping[str, str]"
    stacks: "Mapping[str, str]"


def read(component: "Component") -> Config:
    """Read a component's file.

    Raises:
        CloudError: If it cannot be read, or does not say what is tested where.
    """
    path = component.path / FILE
    document = templates.read(path)
    project, tests = document.get("project") or {}, document.get("tests") or {}
    if not isinstance(project, dict) or not isinstance(tests, dict):
        raise CloudError(f"{path}: project and tests have to be maps.")
    by_region: dict[str, str] = {}
    stacks: dict[str, str] = {}
    for name, test in tests.items():
        whole = project | (test if isinstance(test, dict) else {})
        for key in NEEDED:
            if not whole.get(key):
                raise CloudError(f"{path}: the test {name} has no {key}.")
        by_region |= dict.fromkeys(whole["regions"], whole["template"])
        stacks |= dict.fromkeys(whole["regions"], whole["stack_name"])
    return Config(component, by_region, stacks)


def discover(components: "Mapping[str, Component]") -> dict[str, Config]:
    """Return what taskcat makes of the components that have a `.taskcat.yml`, by component."""
    return {
        name: read(component)
        for name, component in components.items()
        if (component.path / FILE).exists()
    }
