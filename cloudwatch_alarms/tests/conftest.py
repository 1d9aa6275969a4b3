"""The template as data, as it was written and as CloudFormation would resolve it."""

from typing import Any

import pytest
import yaml
from cfnlint.decode import cfn_yaml

from deploy import document
from tests.resolver import Resolver
from tests.support import ROOT

ENVIRONMENTS = sorted(path.stem for path in (ROOT / "parameters").glob("*.yml"))
PAGER = "https://api.atlassian.com/jsm/ops/integration/v1/json/cloudwatch?apiKey=0f1e2d3c"


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    """The template as it is deployed, its short forms (`!Sub`) spelled out (`Fn::Sub`)."""
    loaded: dict[str, Any] = cfn_yaml.loads(document.packaged(ROOT / "template.yml"))
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


@pytest.fixture(scope="session")
def stack(template: dict[str, Any]) -> Resolver:
    """The stack as it is deployed with a pager and a fallback."""
    return Resolver(template, {"PagerUrl": PAGER, "FallbackEmail": "on-call@example.com"})


@pytest.fixture(scope="session")
def alarms(stack: Resolver) -> dict[str, dict[str, Any]]:
    """The properties of every alarm, by logical id."""
    return stack.properties("AWS::CloudWatch::Alarm")
