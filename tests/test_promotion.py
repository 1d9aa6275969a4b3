"""After a deployment a stack's parameters are what the rule says, whatever was deployed before."""

import io
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from local_aws.cloud import Cloud
from local_aws.deploying import shared
from local_aws.deploying.emulated import Emulated
from local_aws.operations import review
from rich.console import Console

from tests.project import PROJECT

STACK = "TestPromotion"
PARAMETERS = {
    "Days": "{Type: Number, Default: 3}",
    "Mode": "{Type: String, Default: a}",
    "Gone": "{Type: String, Default: before}",
    "Secret": '{Type: String, NoEcho: true, Default: "none"}',
}
# Of a secret CloudFormation shows asterisks, so that the topic's name has to tell it.
RESOURCES = """
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: Promotion, DisplayName: !Ref Secret}}
"""


@pytest.fixture
def thing(cloud: Cloud, tmp_path: Path) -> Path:
    """A component with the tools of a real one, whose parameters are a test's."""
    path = tmp_path / "thing"
    shutil.copytree(PROJECT / "dynamodb_infra/deploy", path / "deploy")
    for name in ("Makefile", "requirements-dev.txt"):
        shutil.copy2(PROJECT / "dynamodb_infra" / name, path)
    (path / "component.mk").write_text(f"STACK := {STACK}\n")
    (path / "parameters").mkdir()
    (path / "parameters/test.yml").write_text("Days: 7\n")
    write(path, PARAMETERS)
    cloudformation = cloud.session().client("cloudformation", endpoint_url=cloud.url)
    cloudformation.delete_stack(StackName=STACK)
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=STACK, WaiterConfig={"Delay": 1}
    )
    return path


def write(thing: Path, parameters: Mapping[str, str]) -> None:
    declared = "\n".join(f"  {name}: {each}" for name, each in parameters.items())
    (thing / "template.yml").write_text(f"Parameters:\n{declared}\n{RESOURCES}")


def make(cloud: Cloud, thing: Path, *words: str, given: str | None = None) -> str:
    """Run a component's make as a pipeline does, and return what it prints."""
    environment = {"PATH": "/usr/bin:/bin", "UV": cloud.settings.uv, "SAM_CLI_POLL_DELAY": "0.3"}
    environment |= cloud.environment() | ({} if given is None else {"PARAMETERS": given})
    # The tools are the cloud's, whose bytecode is there: compiling the SAM CLI takes seconds.
    environment["MAKEFLAGS"] = f"-- {' '.join(shared.to_package(cloud.settings))}"
    done = subprocess.run(
        ["make", *words], cwd=thing, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def parameters(cloud: Cloud) -> dict[str, str]:
    """The stack's parameters, the secret among them as the topic has it."""
    cloudformation = cloud.session().client("cloudformation", endpoint_url=cloud.url)
    [stack] = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    values = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    sns = cloud.session().client("sns", endpoint_url=cloud.url)
    [topic] = [each["TopicArn"] for each in sns.list_topics()["Topics"] if "Promotion" in str(each)]
    return values | {
        "Secret": sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"]
    }


def test_a_pipelines_deployment_ends_as_the_rule_says(cloud: Cloud, thing: Path) -> None:
    make(cloud, thing, "package")
    printed = make(cloud, thing, "promote", given="Mode=b Secret='$(id) two'")
    first = parameters(cloud)
    # The next version: another default, one parameter gone, one more; nothing is given this time.
    later = PARAMETERS | {"Mode": "{Type: String, Default: c}", "New": "{Type: String, Default: d}"}
    later.pop("Gone")
    write(thing, later)
    make(cloud, thing, "package")
    make(cloud, thing, "promote")
    second = parameters(cloud)
    again = make(cloud, thing, "promote")

    assert first == {"Days": "7", "Mode": "b", "Gone": "before", "Secret": "$(id) two"}
    assert "$(id) two" not in printed
    assert second == {"Days": "7", "Mode": "c", "New": "d", "Secret": "$(id) two"}
    assert "No changes to deploy" in again


def test_the_embedded_clouds_deployment_ends_so_too(cloud: Cloud, thing: Path) -> None:
    def settled(given: str) -> Cloud:
        return Cloud(replace(cloud.settings, root=thing.parent, parameters=given), cloud.progress)

    settled("Mode=b Secret=kept Days=8").deploy()
    first = parameters(cloud)
    write(thing, PARAMETERS | {"Gone": "{Type: String, Default: after}"})
    printed = Console(file=io.StringIO(), width=200)
    review.deploy(
        Emulated(settled("").settings, cloud.progress), printed, [], allow_replacement=False
    )
    second = parameters(cloud)

    assert first == {"Days": "8", "Mode": "b", "Gone": "before", "Secret": "kept"}
    assert second == {"Days": "7", "Mode": "a", "Gone": "after", "Secret": "kept"}


def test_a_wrong_name_is_refused_before_anything_happens(cloud: Cloud, thing: Path) -> None:
    make(cloud, thing, "package")

    with pytest.raises(AssertionError, match="PARAMETERS names Mood"):
        make(cloud, thing, "promote", "PARAMETERS=Mood='$(shell touch touched)'")
    assert not (thing / "touched").exists()
    assert STACK not in cloud.outputs()
