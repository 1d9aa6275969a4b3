"""The Makefile that all components have protects what it deploys outside Test."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local_aws.settings import LOCAL_AWS
from tests.operations.conftest import Project

POLICY = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "Update:Replace"}]}


@pytest.fixture
def component(tmp_path: Path) -> Path:
    """A component of which only the SAM CLI is no real one: what it deploys is there."""
    (tmp_path / "Makefile").write_bytes((LOCAL_AWS / "Makefile").read_bytes())
    shutil.copytree(LOCAL_AWS.parent / "s3_infra/deploy", tmp_path / "deploy")
    (tmp_path / "parameters").mkdir()
    for environment in ("test", "staging", "production"):
        (tmp_path / f"parameters/{environment}.yml").write_text("{}\n")
    (tmp_path / "component.mk").write_text("STACK := TestStorage\n")
    (tmp_path / "template.yml").write_text(
        "Parameters: {PagerUrl: {Type: String, NoEcho: true}}\nResources: {}\n"
    )
    (tmp_path / "stack-policy.json").write_text(json.dumps(POLICY))
    tools = tmp_path / ".venv/bin"
    tools.mkdir(parents=True)
    (tmp_path / "requirements-dev.txt").touch()
    (tmp_path / ".venv/installed").touch()
    (tools / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (tools / "python").chmod(0o755)
    installed = tmp_path / "sam-0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: sam\nVersion: 0\n")
    (installed / "entry_points.txt").write_text("[console_scripts]\nsam = idle:main\n")
    (tmp_path / "idle.py").write_text("def main(words, prog_name):\n    pass\n")
    return tmp_path


def deploy(component: Path, project: Project, *words: str) -> str:
    python = sys.executable
    # The Makefile's default for uv would be installed; nothing here asks it for anything.
    command = ["make", "deploy", "REGION=us-west-1", f"UV={python}", f"PYTHON={python}", *words]
    done = subprocess.run(
        command,
        cwd=component,
        env=os.environ | project.cloud.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def protection(project: Project) -> tuple[bool, object]:
    client = project.target.cloudformation(project.target.components["storage"])
    [stack] = client.describe_stacks(StackName="TestStorage")["Stacks"]
    policy = client.get_stack_policy(StackName="TestStorage").get("StackPolicyBody")
    return stack.get("EnableTerminationProtection", False), json.loads(policy) if policy else None


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_outside_test_a_stack_is_protected_and_has_its_policy(
    project: Project, component: Path, environment: str
) -> None:
    deploy(component, project, f"ENVIRONMENT={environment}")

    assert protection(project) == (True, POLICY)


def test_a_component_without_a_policy_is_protected_all_the_same(
    project: Project, component: Path
) -> None:
    (component / "stack-policy.json").unlink()

    deploy(component, project, "ENVIRONMENT=production")

    assert protection(project) == (True, None)


def test_in_test_a_stack_can_be_deleted(project: Project, component: Path) -> None:
    deploy(component, project, "ENVIRONMENT=test")

    assert protection(project) == (False, None)


def test_what_is_merely_looked_at_is_not_protected(project: Project, component: Path) -> None:
    """As `make changes` has it: the stack that came with the change set must be deleted again."""
    deploy(component, project, "ENVIRONMENT=production", "EXECUTE=no")

    assert protection(project) == (False, None)


def test_a_secret_among_the_parameters_is_not_shown(project: Project, component: Path) -> None:
    printed = deploy(component, project, "PARAMETERS=PagerUrl=https://pager.example/z9y8x7")

    assert "z9y8x7" not in printed
