"""The Makefile that all components have protects what it deploys outside Test."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from local_aws.settings import LOCAL_AWS
from tests.operations.conftest import House

POLICY = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "Update:Replace"}]}


@pytest.fixture
def component(tmp_path: Path) -> Path:
    """A component of which only the SAM CLI is no real one: what it deploys is there."""
    (tmp_path / "Makefile").write_bytes((LOCAL_AWS / "Makefile").read_bytes())
    (tmp_path / "component.mk").write_text("STACK := TestStorage\n")
    (tmp_path / "template.yml").write_text("Resources: {}\n")
    (tmp_path / "stack-policy.json").write_text(json.dumps(POLICY))
    tools = tmp_path / ".venv/bin"
    tools.mkdir(parents=True)
    (tmp_path / "requirements-dev.txt").touch()
    (tmp_path / ".venv/installed").touch()
    for name, line in (("sam", "exit 0"), ("python", f'exec {sys.executable} "$@"')):
        (tools / name).write_text(f"#!/bin/sh\n{line}\n")
        (tools / name).chmod(0o755)
    return tmp_path


def deploy(component: Path, house: House, *words: str) -> str:
    python = sys.executable
    # The Makefile's default for uv would be installed; nothing here asks it for anything.
    command = ["make", "deploy", "REGION=us-west-1", f"UV={python}", f"PYTHON={python}", *words]
    done = subprocess.run(
        command,
        cwd=component,
        env=os.environ | house.cloud.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def protection(house: House) -> tuple[bool, object]:
    client = house.place.cloudformation(house.place.components["storage"])
    [stack] = client.describe_stacks(StackName="TestStorage")["Stacks"]
    policy = client.get_stack_policy(StackName="TestStorage").get("StackPolicyBody")
    return stack.get("EnableTerminationProtection", False), json.loads(policy) if policy else None


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_outside_test_a_stack_is_protected_and_has_its_policy(
    house: House, component: Path, environment: str
) -> None:
    deploy(component, house, f"ENVIRONMENT={environment}")

    assert protection(house) == (True, POLICY)


def test_a_component_without_a_policy_is_protected_all_the_same(
    house: House, component: Path
) -> None:
    (component / "stack-policy.json").unlink()

    deploy(component, house, "ENVIRONMENT=production")

    assert protection(house) == (True, None)


def test_in_test_a_stack_can_be_deleted(house: House, component: Path) -> None:
    deploy(component, house, "ENVIRONMENT=test")

    assert protection(house) == (False, None)


def test_what_is_merely_looked_at_is_not_protected(house: House, component: Path) -> None:
    """As `make changes` has it: the stack that came with the change set must be deleted again."""
    deploy(component, house, "ENVIRONMENT=production", "PROTECT=:")

    assert protection(house) == (False, None)


def test_a_secret_among_the_parameters_is_not_shown(house: House, component: Path) -> None:
    told = deploy(component, house, "PARAMETERS=PagerUrl=https://pager.example/secret")

    assert "secret" not in told
