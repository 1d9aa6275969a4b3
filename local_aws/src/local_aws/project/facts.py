"""What `facts.yml` at the repository root says: regions, environments, components and stacks."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import yaml

from local_aws.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

NAME = "facts.yml"
INFRASTRUCTURE, FUNCTION, SUITE, ACCOUNT, TOOL = KINDS = (
    "infrastructure",
    "function",
    "suite",
    "account",
    "tool",
)
WITH_STACK = (INFRASTRUCTURE, FUNCTION, ACCOUNT)
REPOSITORIES = (INFRASTRUCTURE, FUNCTION, SUITE)
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
MAPPINGS = ("carries", "taskcat")
# The set of shared files with which a pipeline runs the system tests.
TESTED = "tested"
COMPONENT = re.compile(r"[a-z][a-z0-9_]*")
# Letters, digits and hyphens, at most 128 (CloudFormation's API Reference, CreateStack, StackName).
STACK = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
DIRECTORY = re.compile(r"\.|[a-z0-9_]+(/[a-z0-9_]+)*")


class Place(NamedTuple):
    """One region of one environment: what one step of a pipeline deploys to.

    Attributes:
        environment: Name of the environment, such as `test`.
        region: The AWS region.
    """

    environment: str
    region: str

    @property
    def deployment(self) -> str:
        """Name of the Bitbucket deployment, which is also the name of the pipeline's step."""
        return f"{self.environment.capitalize()} {self.region}"


@dataclass(frozen=True)
class Entry:
    """One component as the file lists it.

    Attributes:
        name: The component's directory.
        kind: One of `KINDS`.
        stack: Name of its stack, empty where it has none.
        carries: Further sets of shared files that are rendered into it: directory by set.
        taskcat: Parameters under which taskcat creates its stack.
    """

    name: str
    kind: str
    stack: str = ""
    carries: "Mapping[str, str]" = field(default_factory=dict)
    taskcat: "Mapping[str, Any]" = field(default_factory=dict)

    @property
    def is_tested(self) -> bool:
        """Whether its pipeline runs the system tests after each deployment."""
        return TESTED in self.carries


@dataclass(frozen=True)
class Facts:
    """The whole file.

    Attributes:
        environments: Regions by environment, in the order in which a pipeline deploys to them.
        components: Components by name, in the file's order.
    """

    environments: "Mapping[str, tuple[str, ...]]"
    components: "Mapping[str, Entry]"

    @classmethod
    def read(cls, root: "Path") -> Self:
        """Read the facts of a project.

        Args:
            root: The repository root.

        Raises:
            CloudError: If the file is missing or wrong; the message names the entry.
        """
        path = root / NAME
        try:
            # The loader below is PyYAML's safe one, which refuses repeated keys in addition.
            document = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 # nosec B506
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise CloudError(f"{path} cannot be read: {' '.join(str(error).split())}") from error
        try:
            parts = _parts(document)
            return cls(_environments(parts["environments"]), _components(parts["components"]))
        except ValueError as error:
            raise CloudError(f"{path} is wrong: {error}") from error

    @property
    def places(self) -> tuple[Place, ...]:
        """Each region of each environment, in the order of delivery."""
        return tuple(
            Place(environment, region)
            for environment, regions in self.environments.items()
            for region in regions
        )

    @property
    def regions(self) -> tuple[str, ...]:
        """All regions, in the order of delivery."""
        return tuple(place.region for place in self.places)

    @property
    def stacks(self) -> dict[str, str]:
        """Names of the stacks that pipelines deploy, by component."""
        return {
            entry.name: entry.stack
            for entry in self.components.values()
            if entry.stack and entry.kind in REPOSITORIES
        }

    @property
    def repositories(self) -> tuple[str, ...]:
        """Names of the components that are repositories of their own, in the file's order."""
        return self.of(*REPOSITORIES)

    @property
    def tested(self) -> tuple[str, ...]:
        """Names of the components whose pipelines run the system tests, in the file's order."""
        return tuple(entry.name for entry in self.components.values() if entry.is_tested)

    def of(self, *kinds: str) -> tuple[str, ...]:
        """Return the names of the components of some kinds, in the file's order."""
        return tuple(entry.name for entry in self.components.values() if entry.kind in kinds)


class _Loader(yaml.SafeLoader):
    """Refuses a key that is written twice, of which PyYAML keeps the last (YAML 1.2.2, 3.2.1.3)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 # PyYAML's signature
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if twice := _twice(keys):
            raise yaml.constructor.ConstructorError(
                problem=f"{twice} is listed twice", problem_mark=node.start_mark
            )
        return super().construct_mapping(node, deep=deep)


def _twice(names: "Sequence[str]") -> str:
    return next((name for name in names if names.count(name) > 1), "")


def _mapping(document: object, what: str) -> dict[str, Any]:
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise ValueError(f"{what} is not a mapping of names to values.")
    return document


def _parts(document: object) -> dict[str, Any]:
    parts = _mapping(document, "the file")
    if set(parts) != {"environments", "components"}:
        raise ValueError("It has two keys, environments and components.")
    return parts


def _environments(document: object) -> dict[str, tuple[str, ...]]:
    found = {}
    for name, regions in _mapping(document, "environments").items():
        if not isinstance(regions, list) or not regions:
            raise ValueError(f"The environment {name} has no region: list one, as [us-west-1].")
        found[name] = tuple(str(region) for region in regions)
    regions = [region for each in found.values() for region in each]
    for region in regions:
        if not REGION.fullmatch(region):
            raise ValueError(f"{region} is not the name of an AWS region.")
    # Stacks have the same names in every environment.
    if twice := _twice(regions):
        raise ValueError(f"The region {twice} is listed twice.")
    return found


def _components(document: object) -> dict[str, Entry]:
    found = {
        name: _entry(name, _mapping(each, name))
        for name, each in _mapping(document, "components").items()
    }
    if twice := _twice([entry.stack for entry in found.values() if entry.stack]):
        both = " and ".join(entry.name for entry in found.values() if entry.stack == twice)
        raise ValueError(f"{both} have one stack, {twice}. Each has its own.")
    return found


def _entry(name: str, document: "Mapping[str, Any]") -> Entry:
    if not COMPONENT.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a directory of the repository root.")
    if unknown := sorted(set(document) - {"kind", "stack", *MAPPINGS}):
        raise ValueError(
            f"{name} has no {unknown[0]}; a component has kind, stack, {' and '.join(MAPPINGS)}."
        )
    for key in MAPPINGS:
        _mapping(document.get(key, {}), f"{key} of {name}")
    kind, stack = document.get("kind", ""), document.get("stack", "")
    if kind not in KINDS:
        raise ValueError(f"{name} is of kind {kind!r}; the kinds are {', '.join(KINDS)}.")
    if bool(stack) != (kind in WITH_STACK):
        has = "no" if stack else "a"
        raise ValueError(f"{name} is of kind {kind}, which has {has} stack.")
    if stack and not (isinstance(stack, str) and STACK.fullmatch(stack)):
        raise ValueError(f"{stack!r} of {name} cannot be the name of a stack.")
    for shared, directory in document.get("carries", {}).items():
        if not isinstance(directory, str) or not DIRECTORY.fullmatch(directory):
            raise ValueError(
                f"{name} carries {shared} in {directory!r}, which is not a directory inside it."
            )
    return Entry(name, **document)
