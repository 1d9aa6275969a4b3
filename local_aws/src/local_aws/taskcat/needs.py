"""Which projects have to be tested before which."""

import graphlib
from typing import TYPE_CHECKING

from local_aws import order as orders
from local_aws.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local_aws.taskcat.projects import Project


def graph(projects: "Mapping[str, Project]") -> dict[str, list[str]]:
    """Return the components that each component needs.

    Args:
        projects: All projects, by component.

    Raises:
        CloudError: If one needs what nobody has.
    """
    components = [project.component for project in projects.values()]
    # The templates' defaults name each other's stacks, as the tests' parameters do.
    values = {component.name: component.parameters("") for component in components}
    edges = orders.graph(components, values)
    return {name: sorted(needed) for name, needed in edges.items()}


def closure(projects: "Mapping[str, Project]", names: "Sequence[str]") -> "dict[str, Project]":
    """Return the named projects and all that they need, those first; all projects if none is named.

    Raises:
        UsageError: If there is no such project.
    """
    needed, wanted, open_ = graph(projects), set[str](), list(names or projects)
    while open_:
        name = open_.pop()
        if name not in projects:
            raise UsageError(f"There is no {name}/.taskcat.yml; there are {', '.join(projects)}.")
        if name not in wanted:
            wanted.add(name)
            open_ += needed[name]
    order = graphlib.TopologicalSorter(needed).static_order()
    return {name: projects[name] for name in order if name in wanted}
