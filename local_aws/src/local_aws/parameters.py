"""The CloudFormation parameters in which a local deployment differs; code and templates do not."""

import shlex
from typing import TYPE_CHECKING

from local_aws.errors import CloudError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from local_aws.components import Component
    from local_aws.model import Model


def local(port: int, model: "Model | None", architecture: str) -> dict[str, str]:
    """Return what differs here, whichever template has it.

    Args:
        port: MiniStack's port.
        model: The model that is served, if its package is known.
        architecture: Lambda's name of this machine's processor.
    """
    values = {
        "Architecture": architecture,
        # An image that was missed is swept up while somebody still looks.
        "SweepAfterMinutes": "1",
        "SweepRateMinutes": "1",
        # MiniStack speaks HTTP on the loopback interface.
        "TransportSecurity": "Optional",
        # Presigned URLs of its buckets have an address that strangers' URLs are refused.
        "TrustedImageHosts": f"127.0.0.1:{port}",
    }
    return values | ({"ModelName": model.name, "ModelVersion": model.version} if model else {})


def chosen(text: str, components: "Iterable[Component]") -> dict[str, str]:
    """Read the parameters that the user asks for.

    Args:
        text: `Name=value …`, quoted as in a shell.
        components: The components, one of which must have each parameter.

    Raises:
        UsageError: If it cannot be read, or no template has such a parameter.
    """
    try:
        pairs = [word.partition("=") for word in shlex.split(text)]
    except ValueError as error:
        raise UsageError(f"PARAMETERS cannot be read: {error}.") from error
    known = {
        name for component in components for name in component.template.get("Parameters") or {}
    }
    for name, equals, _ in pairs:
        if not equals:
            raise UsageError(f'PARAMETERS must be "Name=value …", and {name!r} has no value.')
        if name not in known:
            raise UsageError(f"PARAMETERS names {name}, which no template has.")
    return {name: value for name, _, value in pairs}


def fitting(component: "Component", values: "Mapping[str, str]") -> dict[str, str]:
    """Return those of the values for which a component's template has a parameter."""
    declared = component.template.get("Parameters") or {}
    return {name: value for name, value in sorted(values.items()) if name in declared}


def check_agreement(name: str, values: "Mapping[str, Mapping[str, str]]") -> None:
    """Check that a plain parameter, which no import ties together, is the same everywhere.

    Args:
        name: The parameter.
        values: Parameters' values by component.

    Raises:
        CloudError: If two components would be deployed with different ones.
    """
    having = {component: each[name] for component, each in values.items() if name in each}
    if len(set(having.values())) > 1:
        told = ", ".join(f"{value} in {component}" for component, value in having.items())
        raise CloudError(f"{name} has to be the same in all templates, but is {told}.")


def as_argument(values: "Mapping[str, str]") -> str:
    """Write parameters as make's PARAMETERS variable, safe from make and the shell."""
    words = (shlex.quote(f"{name}={value}") for name, value in values.items())
    return " ".join(words).replace("$", "$$")
