"""The user's variables choose the place, and wrong ones are told."""

import pytest

from local_aws import Cloud, Settings, UsageError, cli
from local_aws.errors import NotRunningError
from local_aws.operations.aws import Aws
from local_aws.operations.embedded import Embedded
from local_aws.operations.verbs import place
from tests.operations.conftest import House


@pytest.fixture
def stopped(settings: Settings) -> Cloud:
    return Cloud(settings)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"ENVIRONMENT": "prod"}, "ENVIRONMENT must be one of test, staging, production"),
        ({"ENVIRONMENT": "production"}, "Name the region"),
        ({"CLOUD": "azure"}, "CLOUD must be embedded or aws, not 'azure'"),
    ],
)
def test_a_wrong_variable_is_told(stopped: Cloud, variables: dict[str, str], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        place(stopped, variables)


def test_the_embedded_cloud_has_to_run(stopped: Cloud) -> None:
    with pytest.raises(NotRunningError, match="make up"):
        place(stopped, {})


@pytest.mark.parametrize(
    ("variables", "environment", "region"),
    [
        ({}, "test", "us-west-1"),
        ({"ENVIRONMENT": "staging"}, "staging", "us-east-2"),
        ({"ENVIRONMENT": "production", "REGION": "ca-central-1"}, "production", "ca-central-1"),
    ],
)
def test_an_environment_has_its_region(
    stopped: Cloud, variables: dict[str, str], environment: str, region: str
) -> None:
    chosen = place(stopped, {"CLOUD": "aws", **variables})

    assert isinstance(chosen, Aws)
    assert (chosen.settings.environment, chosen.settings.region) == (environment, region)
    assert chosen.session().region_name == region
    assert not chosen.is_disposable


def test_the_embedded_cloud_is_the_default(house: House) -> None:
    assert isinstance(place(house.cloud, {}), Embedded)


def test_aws_keeps_its_credentials_and_nothing_of_the_house_s_make(
    stopped: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("MAKEFLAGS", "-- REGION=elsewhere")
    monkeypatch.setenv("PARAMETERS", "A=b")
    chosen = place(stopped, {"CLOUD": "aws"})

    variables = chosen.variables(chosen.components["storage"])

    assert variables["AWS_PROFILE"] == "mine"
    assert not {"MAKEFLAGS", "PARAMETERS"} & set(variables)
    assert chosen.target() == []


@pytest.mark.parametrize("answer", ["YES", "true", "storage"])
def test_only_yes_allows_a_replacement(
    answer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALLOW_REPLACEMENT", answer)

    assert cli.main(["deploy"]) == UsageError.exit_code
    assert "ALLOW_REPLACEMENT must be yes or no" in capsys.readouterr().err


def test_destroying_production_is_refused_whatever_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")

    assert cli.main(["destroy"]) == UsageError.exit_code
    assert "Production is not destroyed" in capsys.readouterr().err
