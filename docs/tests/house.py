"""Reads what the guide speaks of: Makefiles, templates and pipelines."""

import functools
import re
from typing import Any

from pages import HOUSE
from templates import template

STACKS = (
    "sagemaker_endpoint",
    "s3_infra",
    "dynamodb_infra",
    "submit_image",
    "get_image_label",
    "invoke_labeller",
    "cloudwatch_alarms",
)
COMPONENTS = (*STACKS, "system_tests")
REGIONS = {
    "test": ["us-west-1"],
    "staging": ["us-east-2"],
    "production": ["us-west-2", "us-east-1", "ca-central-1"],
}


@functools.cache
def makefile(directory: str) -> str:
    """The text of a directory's Makefile and of the file that says what is special about it."""
    paths = [HOUSE / directory / name for name in ("Makefile", "component.mk")]
    return "\n".join(path.read_text() for path in paths if path.exists())


@functools.cache
def environment_variables() -> str:
    """The sources of the embedded cloud, which reads what make has exported."""
    return "\n".join(path.read_text() for path in (HOUSE / "local_aws/src").rglob("*.py"))


def targets(directory: str) -> set[str]:
    """The targets that a person can ask for, which are those with a description."""
    return set(re.findall(r"^([a-z][a-z-]*):[^=\n]*##", makefile(directory), re.M))


@functools.cache
def stacks() -> dict[str, str]:
    """The components by the names of their stacks."""
    named = {
        match[1]: path.parent.name
        for path in HOUSE.glob("*/component.mk")
        if (match := re.search(r"^STACK := (\S+)", path.read_text(), re.M))
    }
    assert len(named) >= len(STACKS)
    return named


def parameters(component: str) -> dict[str, Any]:
    """The parameters of a component's template."""
    return dict(template(component)["Parameters"])


def outputs(component: str) -> set[str]:
    """The outputs of a component's template."""
    return set(template(component)["Outputs"])
