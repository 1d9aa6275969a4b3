"""The template as data, and a cloud in memory to deploy it to."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import yaml
from cfnlint.decode import cfn_yaml
from moto import mock_aws
from mypy_boto3_cloudformation import CloudFormationClient

from tests.support import REGION, ROOT

ENVIRONMENTS = sorted(path.stem for path in (ROOT / "parameters").glob("*.yml"))


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    """The template, with its short forms (`!Sub`) spelled out (`Fn::Sub`)."""
    loaded: dict[str, Any] = cfn_yaml.load(str(ROOT / "template.yml"))
    return loaded


@pytest.fixture(params=ENVIRONMENTS)
def parameters(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What `parameters/<environment>.yml` passes to the stack."""
    text = (ROOT / "parameters" / f"{request.param}.yml").read_text()
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@pytest.fixture(scope="session")
def readme() -> str:
    return (ROOT / "README.md").read_text()


@pytest.fixture
def cloudformation(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudFormationClient]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.client("cloudformation", REGION)
