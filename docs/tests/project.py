"""Reads what the pages describe: Makefiles, templates and pipelines."""

import functools
import re
from typing import Any

import yaml
from pages import PROJECT
from templates import template

FACTS: dict[str, Any] = yaml.safe_load((PROJECT / "facts.yml").read_text())
REGIONS: dict[str, list[str]] = FACTS["environments"]
STACKS = tuple(
    name
    for name, each in FACTS["components"].items()
    if each["kind"] in ("infrastructure", "function")
)
COMPONENTS = (*STACKS, "system_tests")


@functools.cache
def makefile(directory: str) -> str:
    """The text of a directory's Makefile and of what it includes."""
    folder = PROJECT / directory
    paths = [folder / "Makefile", folder / "component.mk", *sorted(folder.glob("deploy/*.mk"))]
    return "\n".join(path.read_text() for path in paths if path.exists())


@functools.cache
def environment_variables() -> str:
    """The sources of the tools that read what make has exported."""
    sources = (PROJECT / tool / "src" for tool in ("local_aws", "capacity", "benchmark"))
    return "\n".join(path.read_text() for each in sources for path in each.rglob("*.py"))


def targets(directory: str) -> set[str]:
    """The targets that a person can ask for, which are those with a description."""
    return set(re.findall(r"^([a-z][a-z-]*):[^=\n]*##", makefile(directory), re.M))


def stacks() -> dict[str, str]:
    """The components by the names of their stacks."""
    components = FACTS["components"].items()
    return {each["stack"]: name for name, each in components if "stack" in each}


def parameters(component: str) -> dict[str, Any]:
    """The parameters of a component's template."""
    return dict(template(component)["Parameters"])


def outputs(component: str) -> set[str]:
    """The outputs of a component's template."""
    return set(template(component)["Outputs"])
