"""Every command that the pages show exists."""

import re
import shlex

import pages
import pytest
from pages import KINDS, PROJECT, Make
from project import (
    COMPONENTS,
    REGIONS,
    environment_variables,
    makefile,
    outputs,
    parameters,
    stacks,
    targets,
)
from templates import template

MAKES = pages.makes()
# What a loop over the components stands for.
DIRECTORIES = {"$component": COMPONENTS}


def directories(call: Make) -> tuple[str, ...]:
    """Where a call runs; in the text, a component's verb is named without its component."""
    if call.directory or not call.in_text:
        return DIRECTORIES.get(call.directory, (call.directory,))
    return ("",) if set(call.targets) <= targets("") else ("submit_image",)


def test_there_are_commands() -> None:
    assert len(MAKES) > 40


def test_every_command_says_what_it_needs() -> None:
    unmarked = [
        (block.page, block.text)
        for block in pages.blocks()
        if block.kind not in (*KINDS, "diagram")
        and re.search(r"^\s*(\$ )?(make|aws|git|curl|sam) ", block.text, re.M)
    ]

    assert not unmarked
    assert not [b for b in pages.blocks() if b.kind in ("", "sh", "bash", "shell", "console")]


@pytest.mark.parametrize("call", MAKES, ids=str)
def test_its_targets_exist(call: Make) -> None:
    for directory in directories(call):
        missing = [name for name in call.targets if name not in targets(directory)]

        assert not missing, f"{call.page}: {directory or 'the root'} has no {missing}"


@pytest.mark.parametrize("call", [each for each in MAKES if each.variables], ids=str)
def test_its_variables_are_read(call: Make) -> None:
    for directory in directories(call):
        programs = (PROJECT / directory).glob("deploy/*.py")
        text = makefile(directory) + ("" if directory else environment_variables())
        text += "".join(path.read_text() for path in programs)
        unread = [
            name
            for name in call.variables
            if not re.search(rf"\$\((value )?{name}\)|_\$\({name}|[\"']{name}[\"']", text)
        ]

        assert not unread, f"{call.page}: {directory or 'the root'} does not read {unread}"


@pytest.mark.parametrize(
    "call", [each for each in MAKES if "ENVIRONMENT" in each.variables], ids=str
)
def test_environment_and_region_fit(call: Make) -> None:
    environment, region = call.variables["ENVIRONMENT"], call.variables.get("REGION")
    if environment.startswith("$") or environment == "…":
        return

    assert environment in REGIONS
    if region:
        assert region in REGIONS[environment]
    elif "deploy" in call.targets:
        assert environment != "production", "which names its region"


@pytest.mark.parametrize(
    "call", [each for each in MAKES if "PARAMETERS" in each.variables], ids=str
)
def test_its_parameters_are_those_of_the_template(call: Make) -> None:
    known = {name for component in stacks().values() for name in parameters(component)} | {"Key"}
    if call.directory:
        known = set(parameters(call.directory))
    for pair in shlex.split(call.variables["PARAMETERS"]):
        name, value = pair.split("=", 1)

        assert name in known
        if call.directory:
            allowed = parameters(call.directory)[name].get("AllowedValues")
            assert allowed is None or value in map(str, allowed)


def test_the_outputs_that_are_asked_for_are_those_of_the_stack() -> None:
    asked = [
        (page, stack, key)
        for page, line in pages.commands("aws")
        for stack, key in re.findall(
            r"--stack-name (\S+)(?:(?!--stack-name).)*?OutputKey==['`](\w+)['`]", line
        )
    ]

    assert asked
    for page, stack, key in asked:
        assert key in outputs(stacks()[stack]), page


def test_files_that_commands_name_exist() -> None:
    for call in MAKES:
        if name := call.variables.get("FILE"):
            assert name == "…" or (PROJECT / name).exists(), call.page


def test_the_parameters_of_a_role_are_those_of_its_template() -> None:
    role = template("deploy_roles", "role.yml")
    calls = [call for call in MAKES if "ROLE_PARAMETERS" in call.variables]

    assert calls
    for call in calls:
        given = {pair.split("=")[0] for pair in call.variables["ROLE_PARAMETERS"].split()}
        needed = {name for name, each in role["Parameters"].items() if "Default" not in each}
        assert given <= set(role["Parameters"])
        # ROLE_FOR says what it deploys.
        assert needed - given <= {"Deploys"}
        assert call.variables["ROLE_FOR"] in role["Parameters"]["Deploys"]["AllowedValues"]
