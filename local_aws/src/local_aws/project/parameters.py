"""The CloudFormation parameters in which a local deployment differs; code and templates do not."""

import shlex
from typing import TYPE_CHECKING

from local_aws.errors import CloudError, UsageError
from local_aws.project import templates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from local_aws.project.components import Component
    from local_aws.project.model import Model


TRUSTED = "TrustedImageHosts"
# The website's origin for the bucket of the pictures, and the bucket's for the website.
UPLOADED_FROM, UPLOADED_TO = "PageOrigin", "UploadOrigin"
# Where a component has its parameters for a number of pictures a second.
SIZES = "parameters/sizes"
# What several stacks must agree on and none may export, since an import could never be changed.
AGREEING = ("EndpointName", "RetentionDays", "StageName")


def local(port: int, website: int, model: "Model | None", architecture: str) -> dict[str, str]:
    """Return what differs here, whichever template has it.

    Args:
        port: MiniStack's port.
        website: The port on which it serves the website.
        model: The model that is served, if its package is known.
        architecture: Lambda's name of this machine's processor.
    """
    values = {
        "Architecture": architecture,
        # An image that was missed is swept up while somebody still looks.
        "SweepAfterMinutes": "1",
        "SweepRateMinutes": "1",
        # The defaults fit an account with ten functions at once; this machine has no such quota.
        "ThrottlingRateLimit": "50",
        "ThrottlingBurstLimit": "100",
        # MiniStack speaks HTTP on the loopback interface.
        "TransportSecurity": "Optional",
        # Presigned URLs of its buckets have an address that strangers' URLs are refused.
        TRUSTED: host(port),
        UPLOADED_FROM: origin(website),
        UPLOADED_TO: origin(port),
    }
    return values | ({"ModelName": model.name, "ModelVersion": model.version} if model else {})


def host(port: int) -> str:
    """Return the host of MiniStack's presigned URLs.

    Args:
        port: MiniStack's port.
    """
    return f"127.0.0.1:{port}"


def origin(port: int) -> str:
    """Return the origin, in a browser's sense, of what answers on a port of this machine."""
    return f"http://{host(port)}"


def merged(values: "Mapping[str, str]", chosen: "Mapping[str, str]") -> dict[str, str]:
    """Return what differs here with what the user asks for, who can only add to the trusted hosts.

    Args:
        values: What differs here.
        chosen: What the user asks for.
    """
    hosts = [
        name.strip()
        for each in (values, chosen)
        for name in each.get(TRUSTED, "").split(",")
        if name.strip()
    ]
    both = {**values, **chosen}
    return both | ({TRUSTED: ",".join(dict.fromkeys(hosts))} if TRUSTED in both else {})


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


def sizes(components: "Iterable[Component]") -> list[str]:
    """Return the names of the sizes that some component has parameters for, the smallest first."""
    names = {path.stem for each in components for path in (each.path / SIZES).glob("*.yml")}
    return sorted(names, key=lambda name: (name.endswith("second"), int(name.partition("-")[0])))


def of_size(component: "Component", size: str) -> dict[str, str]:
    """Return the parameters of a component for a size; none where the size needs none.

    Args:
        component: The component.
        size: The size's name; empty for none.

    Raises:
        CloudError: If the file is wrong.
    """
    file = component.path / SIZES / f"{size}.yml"
    if not size or not file.exists():
        return {}
    return {name: str(value) for name, value in templates.read(file).items()}


def check_size(size: str, components: "Iterable[Component]") -> None:
    """Check that there is a size of this name, or that none is named.

    Raises:
        UsageError: If not.
    """
    known = sizes(components)
    if size and size not in known:
        raise UsageError(f"SIZE must be one of {', '.join(known)}, not {size!r}.")


def fitting(component: "Component", values: "Mapping[str, str]") -> dict[str, str]:
    """Return those of the values for which a component's template has a parameter."""
    declared = component.template.get("Parameters") or {}
    return {name: value for name, value in sorted(values.items()) if name in declared}


def check_agreement(values: "Mapping[str, Mapping[str, str]]") -> None:
    """Check that parameters which no import ties together are the same everywhere.

    Args:
        values: Parameters' values by component.

    Raises:
        CloudError: If two components would be deployed with different ones.
    """
    for name in AGREEING:
        having = {component: each[name] for component, each in values.items() if name in each}
        if len(set(having.values())) > 1:
            values_ = ", ".join(f"{value} in {component}" for component, value in having.items())
            raise CloudError(f"{name} has to be the same in all templates, but is {values_}.")


def as_argument(values: "Mapping[str, str]") -> str:
    """Write parameters as the variable PARAMETERS, which a component's deployment reads."""
    return shlex.join(f"{name}={value}" for name, value in values.items())
