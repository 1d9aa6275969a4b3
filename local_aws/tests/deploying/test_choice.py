"""The user's variables choose the target, and wrong ones are named."""

import pytest

from local_aws import Cloud, Settings, UsageError, cli
from local_aws.deploying import choice
from local_aws.deploying.aws import Aws
from local_aws.deploying.choice import everywhere
from local_aws.deploying.emulated import Emulated
from local_aws.deploying.target import Target
from local_aws.errors import NotRunningError
from local_aws.project.places import FACTS


def choose(cloud: Cloud, variables: dict[str, str]) -> Target:
    return choice.target(cloud.settings, cloud.progress, variables)


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
def test_a_wrong_variable_is_named(
    stopped: Cloud, variables: dict[str, str], sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        choose(stopped, variables)


def test_the_embedded_cloud_has_to_run(stopped: Cloud) -> None:
    with pytest.raises(NotRunningError, match="make up"):
        choose(stopped, {})


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, list(FACTS.regions)),
        ({"ENVIRONMENT": "test"}, ["us-west-1"]),
        ({"ENVIRONMENT": "production"}, list(FACTS.environments["production"])),
        ({"REGION": "us-west-2"}, ["us-west-2"]),
    ],
)
def test_all_regions_that_are_meant_are_checked(
    variables: dict[str, str], expected: list[str]
) -> None:
    assert [each["REGION"] for each in everywhere(variables)] == expected


def test_a_region_of_ones_own_is_checked_as_it_is_named(stopped: Cloud) -> None:
    variables = {"CLOUD": "aws", "REGION": "eu-west-1"}

    (where,) = everywhere(variables)
    assert choose(stopped, variables | where).settings.region == "eu-west-1"


@pytest.mark.parametrize("verb", ["changes", "deploy", "drift", "preflight", "requeue", "destroy"])
@pytest.mark.parametrize("region", ["mars", "eu-west-9", "US-WEST-1", "us-west-1 ", "us-west-1a"])
def test_a_region_that_aws_has_not_is_reported_by_every_verb(
    verb: str, region: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IMAGELABELLER_ENVIRONMENT", "test")
    monkeypatch.setenv("IMAGELABELLER_REGION", region)

    assert cli.main([verb]) == UsageError.exit_code
    assert f"AWS has no region {region!r}. Correct REGION" in capsys.readouterr().err


@pytest.mark.parametrize("region", ["eu-central-2", "cn-north-1", "us-gov-west-1"])
def test_every_partition_has_its_regions(stopped: Cloud, region: str) -> None:
    variables = {"CLOUD": "aws", "REGION": region}

    assert choose(stopped, variables).settings.region == region


@pytest.mark.parametrize("verb", ["changes", "deploy", "drift", "preflight", "requeue", "destroy"])
def test_an_environment_that_is_not_there_is_reported_by_every_verb(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IMAGELABELLER_ENVIRONMENT", "prod")

    assert cli.main([verb]) == UsageError.exit_code
    right = "Only ENVIRONMENT=test is" if verb == "destroy" else "one of test, staging, production"
    assert right in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variables", "environment", "region"),
    [
        ({}, "test", "us-west-1"),
        ({"ENVIRONMENT": "staging"}, "staging", "us-east-2"),
        ({"ENVIRONMENT": "production", "REGION": "us-west-2"}, "production", "us-west-2"),
    ],
)
def test_an_environment_has_its_region(
    stopped: Cloud, variables: dict[str, str], environment: str, region: str
) -> None:
    chosen = choose(stopped, {"CLOUD": "aws", **variables})

    assert isinstance(chosen, Aws)
    assert (chosen.settings.environment, chosen.settings.region) == (environment, region)
    assert chosen.session().region_name == region
    assert not chosen.is_disposable


@pytest.mark.parametrize(
    ("variables", "printed"),
    [
        (
            {"ENVIRONMENT": "production", "REGION": "us-west-1"},
            "us-west-1 is a region of test; production has us-west-2, us-east-1, ca-central-1.",
        ),
        ({"REGION": "us-east-2"}, "us-east-2 is a region of staging; test has us-west-1."),
    ],
)
def test_the_region_of_another_environment_is_refused(
    stopped: Cloud, variables: dict[str, str], printed: str
) -> None:
    for cloud in ("aws", "embedded"):
        with pytest.raises(UsageError) as refused:
            choose(stopped, {"CLOUD": cloud, **variables})

        assert str(refused.value).startswith(printed)


def test_the_embedded_cloud_is_the_default(cloud: Cloud) -> None:
    assert isinstance(choose(cloud, {}), Emulated)


def test_aws_keeps_its_credentials_and_nothing_of_the_project_s_make(
    stopped: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("MAKEFLAGS", "-- REGION=elsewhere")
    monkeypatch.setenv("PARAMETERS", "A=b")
    chosen = choose(stopped, {"CLOUD": "aws"})

    variables = chosen.variables(chosen.components["storage"])

    assert variables["AWS_PROFILE"] == "mine"
    assert not {"MAKEFLAGS", "PARAMETERS"} & set(variables)
    assert list(chosen.platform) == []


@pytest.mark.parametrize("answer", ["YES", "true", "storage"])
def test_only_yes_allows_a_replacement(
    answer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IMAGELABELLER_ALLOW_REPLACEMENT", answer)

    assert cli.main(["deploy"]) == UsageError.exit_code
    assert "ALLOW_REPLACEMENT must be yes or no" in capsys.readouterr().err


def test_destroying_production_is_refused_whatever_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IMAGELABELLER_ENVIRONMENT", "production")

    assert cli.main(["destroy"]) == UsageError.exit_code
    assert "Production is not destroyed" in capsys.readouterr().err
