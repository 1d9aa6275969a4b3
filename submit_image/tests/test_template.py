import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from submit_image.clients import STORAGE_SECONDS
from submit_image.settings import Settings

ROOT = Path(__file__).parents[1]
API_GATEWAY_SECONDS = 29


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as their long ones."""


def _long_form(loader: Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag in ("Ref", "Condition") else f"Fn::{tag}"
    match node:
        case yaml.ScalarNode():
            return {name: loader.construct_scalar(node)}
        case yaml.SequenceNode():
            return {name: loader.construct_sequence(node, deep=True)}
        case _:
            raise AssertionError(tag)


Loader.add_multi_constructor("!", _long_form)
TEMPLATE = yaml.load((ROOT / "template.yml").read_text(), Loader)  # noqa: S506 - a safe loader
RESOURCES = TEMPLATE["Resources"]
FUNCTION = RESOURCES["Function"]["Properties"]


def test_this_api_alone_may_call_the_function() -> None:
    [permission] = [
        resource["Properties"]
        for resource in RESOURCES.values()
        if resource["Type"] == "AWS::Lambda::Permission"
    ]

    assert permission["Principal"] == "apigateway.amazonaws.com"
    assert permission["SourceArn"]["Fn::Sub"].endswith(":${AWS::AccountId}:${Api}/${StageName}/*")


def test_the_function_finds_the_environment_that_it_needs() -> None:
    variables = {
        name: value if isinstance(value, str) else "1"
        for name, value in FUNCTION["Environment"]["Variables"].items()
    }

    settings = Settings.from_environment(
        {**variables, "TRUSTED_IMAGE_HOSTS": "", "CONTACT_URL": "https://a.example/"}
    )

    assert settings.contact_url == "https://a.example/"
    assert variables["RES_OPTIONS"] == "timeout:1 attempts:2"


def test_download_and_storage_fit_into_the_invocation_and_that_into_the_gateways_timeout() -> None:
    assert FUNCTION["Environment"]["Variables"]["FETCH_SECONDS"] == {"Ref": "FetchSeconds"}
    fetch_seconds = TEMPLATE["Parameters"]["FetchSeconds"]["MaxValue"]

    assert fetch_seconds + STORAGE_SECONDS < FUNCTION["Timeout"] < API_GATEWAY_SECONDS


def test_slow_downloads_cannot_take_all_executions_of_a_new_account() -> None:
    burst, rate, seconds = (
        TEMPLATE["Parameters"][name]["Default"]
        for name in ("ThrottlingBurstLimit", "ThrottlingRateLimit", "FetchSeconds")
    )

    # https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    assert burst + rate * seconds < 10


def test_no_concurrency_is_reserved_unless_an_account_allows_it() -> None:
    assert TEMPLATE["Parameters"]["ReservedConcurrentExecutions"]["Default"] == 0
    assert FUNCTION["ReservedConcurrentExecutions"] == {
        "Fn::If": [
            "ReservesConcurrency",
            {"Ref": "ReservedConcurrentExecutions"},
            {"Ref": "AWS::NoValue"},
        ]
    }
    [condition] = TEMPLATE["Conditions"]["ReservesConcurrency"]["Fn::Not"]
    assert condition == {"Fn::Equals": [{"Ref": "ReservedConcurrentExecutions"}, 0]}


def test_the_stages_throttle_bounds_the_requests_in_every_mode() -> None:
    stage = RESOURCES["ApiStage"]

    assert "Condition" not in stage
    assert stage["Properties"]["MethodSettings"] == [
        {
            "ResourcePath": "/*",
            "HttpMethod": "*",
            "ThrottlingRateLimit": {"Ref": "ThrottlingRateLimit"},
            "ThrottlingBurstLimit": {"Ref": "ThrottlingBurstLimit"},
        }
    ]


@pytest.mark.parametrize(
    ("contact", "accepted"),
    [
        ("", True),
        ("https://example.com/bot?a=b#c", True),
        ("mailto:bots@example.com", True),
        ("example.com", False),
        ("https://example.com/(bot)", False),
        ("https://example.com/ bot", False),
        ("https://example.com/\nX: y", False),
    ],
)
def test_a_contact_that_the_function_refuses_is_refused_at_the_deployment(
    contact: str, *, accepted: bool
) -> None:
    pattern = TEMPLATE["Parameters"]["ContactUrl"]["AllowedPattern"]

    assert bool(re.fullmatch(pattern, contact)) is accepted


def test_nobody_is_trusted_by_default() -> None:
    assert TEMPLATE["Parameters"]["TrustedImageHosts"]["Default"] == ""
    for parameters in (ROOT / "parameters").glob("*.yml"):
        assert "TrustedImageHosts" not in yaml.safe_load(parameters.read_text())


def test_a_change_of_the_mode_takes_effect() -> None:
    # Each mode has a deployment of its own, of which the stage serves one.
    conditions = {
        each["Condition"]: name
        for name, each in RESOURCES.items()
        if each["Type"] == "AWS::ApiGateway::Deployment"
    }
    assert set(conditions) == {"UsesApiKey", "UsesIam", "UsesNone"}
    references = {condition: {"Ref": name} for condition, name in conditions.items()}
    inner = {"Fn::If": ["UsesIam", references["UsesIam"], references["UsesNone"]]}
    assert RESOURCES["ApiStage"]["Properties"]["DeploymentId"] == {
        "Fn::If": ["UsesApiKey", references["UsesApiKey"], inner]
    }
