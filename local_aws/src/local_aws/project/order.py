"""In which order stacks can be deployed, worked out from what their templates import and export."""

import graphlib
from typing import TYPE_CHECKING

from local_aws.errors import CloudError
from local_aws.project import templates
from local_aws.project.expansion import Stack
from local_aws.project.facts import FUNCTION, SUITE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from local_aws.project.components import Component
    from local_aws.project.facts import Facts

CODE_BUCKET = "-CodeBucketName"


def needs(stack: Stack) -> set[str]:
    """Return the names of the exports that a stack imports.

    Raises:
        CloudError: If a name cannot be worked out before the deployment.
    """
    found = set()
    for argument in templates.imports(stack.template):
        name = stack.text(argument)
        if name is None:
            raise CloudError(
                f"{stack.name}/template.yml imports {argument}, which depends on more than "
                "parameters: name exports by !Sub ${…StackName}-<Output>."
            )
        found.add(name)
    return found


def offers(stack: Stack) -> set[str]:
    """Return the names of the exports that a stack has."""
    names = (stack.text(export) for export in templates.exports(stack.template))
    return {name for name in names if name is not None}


def graph(
    components: "Iterable[Component]", values: "Mapping[str, Mapping[str, str]]"
) -> dict[str, dict[str, str]]:
    """Work out which component needs which.

    Args:
        components: All components of the project.
        values: Parameters' values, by component.

    Returns:
        By component, the export that it needs of each other component.

    Raises:
        CloudError: If nobody exports what is imported, two export the same, or components need
            each other.
    """
    components = list(components)
    stacks = {
        each.name: Stack(
            each.name, each.template, {**values[each.name], "AWS::StackName": each.stack}
        )
        for each in components
    }
    producers: dict[str, str] = {}
    for component in components:
        for export in offers(stacks[component.name]):
            other = producers.setdefault(export, component.name)
            if other != component.name:
                raise CloudError(f"{other} and {component.name} both export {export}.")
    edges: dict[str, dict[str, str]] = {}
    for component in components:
        edges[component.name] = {}
        for name in sorted(needs(stacks[component.name])):
            if name not in producers:
                raise CloudError(_nobody(component, name, components))
            edges[component.name][producers[name]] = name
        if component.artifacts and not component.needs_sagemaker:
            for export, producer in producers.items():
                if export.endswith(CODE_BUCKET) and producer != component.name:
                    edges[component.name].setdefault(producer, export)
    _refuse_cycles(edges)
    return edges


def delivery(
    facts: "Facts", components: "Mapping[str, Component]", environment: str
) -> tuple[str, ...]:
    """Work out in which order the repositories' pipelines run.

    The suite comes after the functions that it tests.

    Args:
        facts: The project's facts; their order decides where the templates leave a choice.
        components: All components, by name.
        environment: Names their files of parameters.

    Raises:
        CloudError: If there is no such order.
    """
    values = {name: component.parameters(environment) for name, component in components.items()}
    edges: dict[str, Collection[str]] = {**graph(components.values(), values)}
    edges |= dict.fromkeys(facts.of(SUITE), facts.of(FUNCTION))
    return sequence({name: edges[name] for name in facts.repositories})


def sequence(edges: "Mapping[str, Collection[str]]") -> tuple[str, ...]:
    """Order names so that each comes after those it needs, and otherwise as early as it is listed.

    Args:
        edges: What each name needs, without cycles.
    """
    ordered: list[str] = []
    while waiting := [name for name in edges if name not in ordered]:
        ordered.append(next(name for name in waiting if set(edges[name]) <= set(ordered)))
    return tuple(ordered)


def _refuse_cycles(edges: "Mapping[str, Mapping[str, str]]") -> None:
    try:
        graphlib.TopologicalSorter(edges).prepare()
    except graphlib.CycleError as error:
        # graphlib lists each before the one that needs it.
        circle = " → ".join(reversed(error.args[1]))
        raise CloudError(
            f"These components need each other, so none can be first: {circle}."
        ) from error


def _nobody(component: "Component", name: str, components: "Iterable[Component]") -> str:
    for other in components:
        if name.startswith(f"{other.stack}-"):
            output = name.removeprefix(f"{other.stack}-")
            return f"{component.name} imports {name}, but {other.name} exports no {output}."
    return f"{component.name} imports {name}, which no component exports."
