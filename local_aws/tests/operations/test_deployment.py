"""A deployment that fails says why, on a real MiniStack."""

from pathlib import Path

import pytest

from local_aws import CloudError
from tests.operations.conftest import Project

# A resource that MiniStack fails to make.
FAILING = """\
  Filter:
    Type: AWS::Logs::MetricFilter
    Properties:
      LogGroupName: nowhere
      FilterPattern: x
      MetricTransformations: [{MetricName: a, MetricNamespace: b, MetricValue: "1"}]
"""


def test_it_says_why_and_nothing_else(project: Project) -> None:
    project.edit("storage", "Outputs:", f"{FAILING}Outputs:")

    with pytest.raises(CloudError) as failed:
        project.cloud.deploy("storage")

    heading, cause, log = str(failed.value).splitlines()
    assert heading == "storage could not be deployed:"
    assert cause.startswith("Filter (AWS::Logs::MetricFilter): ")
    assert "log group does not exist" in cause
    assert Path(log.removeprefix("Log: ")).exists()


def test_a_template_that_is_refused_is_reported_with_the_tool_s_error(project: Project) -> None:
    project.edit("storage", "AWS::DynamoDB::Table", "AWS::No::Table")

    with pytest.raises(CloudError, match=r"types: \[AWS::No::Table\]"):
        project.cloud.deploy("storage")
