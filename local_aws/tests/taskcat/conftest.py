"""Projects in small."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from local_aws.project import components
from local_aws.taskcat.config import Config, discover

MAKEFILE = """
package:
\tmkdir -p build && cp template.yml build/
"""
STORE = """
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: store}}
Outputs:
  Name: {Value: !GetAtt Topic.TopicName, Export: {Name: !Sub "${AWS::StackName}-Name"}}
"""
REFUSED = """
Parameters:
  Type: {Type: String, Default: String}
Resources:
  Setting: {Type: AWS::SSM::Parameter, Properties: {Type: !Ref Type, Value: some}}
Outputs:
  Name: {Value: !Ref Setting, Export: {Name: !Sub "${AWS::StackName}-Name"}}
"""
# Fails in us-west-1, where there is no such type of parameter.
REFUSED_TESTS = """
  here: {stack_name: tCaT-Refused, regions: [us-west-1], parameters: {Type: Nothing}}
  there: {stack_name: tCaT-Refused, regions: [us-east-2]}
"""
READER = """
Parameters:
  RefusedStackName: {Type: String, Default: Refused}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: !ImportValue {"Fn::Sub": "${RefusedStackName}-Name"}}
"""
CONFIG = """
project:
  name: {name}
  package_lambda: false
  template: template.yml
  regions: [us-west-1, us-east-2]
  parameters: {parameters}
tests: {tests}
"""
TESTS = """
  default: {{stack_name: tCaT-{stack}}}
"""

type Write = Callable[..., Path]


@pytest.fixture(scope="session")
def write() -> Write:
    """Writes a component that taskcat tests into a project."""

    def write(
        project: Path, name: str, template: str, parameters: str = "{}", tests: str = ""
    ) -> Path:
        component, stack = project / name, name.capitalize()
        component.mkdir(parents=True)
        tests = tests or TESTS.format(stack=stack)
        config = CONFIG.format(name=name, parameters=parameters, tests=tests)
        files = {
            "Makefile": MAKEFILE,
            "component.mk": f"STACK := {stack}\n",
            "template.yml": template,
            ".taskcat.yml": config,
        }
        for file, text in files.items():
            (component / file).write_text(text)
        return component

    return write


@pytest.fixture
def project(tmp_path: Path, write: Write) -> Path:
    """One that needs another, one that needs nothing, and one that is not tested."""
    write(tmp_path, "reader", READER, "{RefusedStackName: tCaT-Refused}")
    write(tmp_path, "store", STORE)
    write(tmp_path, "refused", REFUSED)
    shutil.copytree(tmp_path / "store", tmp_path / "untested")
    (tmp_path / "untested" / ".taskcat.yml").unlink()
    return tmp_path


def configs_in(project: Path) -> dict[str, Config]:
    return discover(components.discover(project))
