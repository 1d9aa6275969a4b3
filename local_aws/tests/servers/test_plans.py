"""Servers are started apart from everything else on the machine."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from local_aws import Settings
from local_aws.servers import plans


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings.read({}, tmp_path)


def test_ministack_enforces_iam_on_the_loopback_interface_alone(here: Settings) -> None:
    variables = plans.ministack(here, 4566, "http://127.0.0.1:8080", 2).variables

    assert variables["BIND_HOST"] == "127.0.0.1"
    assert variables["AUTH"] == "true"
    assert variables["GATEWAY_PORT"] == "4566"
    assert variables["MINISTACK_ACCOUNT_ID"] == here.account
    assert variables["IOT_MTLS_ENABLED"] == variables["SFTP_ENABLED"] == "0"


def test_another_program_takes_the_place_of_ministack_s(here: Settings) -> None:
    usual = plans.ministack(here, 4566, "", 2).arguments
    other = plans.ministack(replace(here, program=("other.py", "calls")), 4566, "", 2).arguments

    assert [Path(usual[0]).name, *usual[1:]] == ["patched_ministack.py"]
    assert other == ("other.py", "calls")


def test_ministack_keeps_what_it_holds_where_that_is_asked_for(here: Settings) -> None:
    without = plans.ministack(here, 1, "endpoint", 2)
    keeping = plans.ministack(replace(here, keep=True), 1, "endpoint", 2)

    assert "PERSIST_STATE" not in without.variables
    assert keeping.variables["PERSIST_STATE"] == keeping.variables["S3_PERSIST"] == "1"
    directories = [Path(keeping.variables[name]) for name in ("STATE_DIR", "S3_DATA_DIR")]
    assert all(each.is_relative_to(here.kept) for each in directories)
    assert without.variables.items() <= keeping.variables.items()
    assert without.origin != keeping.origin


def test_its_lambdas_find_the_endpoint_and_their_own_emulator(here: Settings) -> None:
    environment = plans.ministack(here, 4566, "http://127.0.0.1:8080", 2).environment()

    assert environment["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"] == "http://127.0.0.1:8080"
    # MiniStack gives its Lambdas its own address, unless it finds another one here.
    assert "AWS_ENDPOINT_URL" not in environment


def test_nothing_of_the_user_s_configuration_is_inherited(here: Settings) -> None:
    os.environ["AWS_ENDPOINT_URL"] = "https://elsewhere"
    os.environ["AWS_PROFILE"] = "production"
    try:
        environment = plans.moto(here, 1).environment()
    finally:
        del os.environ["AWS_ENDPOINT_URL"], os.environ["AWS_PROFILE"]

    assert not {"AWS_ENDPOINT_URL", "AWS_PROFILE", "PYTHONPATH"} & environment.keys()
    assert environment["PATH"] == os.environ["PATH"]


def test_temporary_files_stay_in_the_state_directory(here: Settings, tmp_path: Path) -> None:
    model = tmp_path / "model.tar.gz"
    model.touch()
    all_plans = (
        plans.ministack(here, 1, "", 2),
        plans.moto(here, 1),
        plans.endpoint(here, 1, model, "name"),
    )

    assert {plan.variables["TMPDIR"] for plan in all_plans} == {str(here.temporary)}


def test_another_model_makes_another_endpoint(here: Settings, tmp_path: Path) -> None:
    model = tmp_path / "model.tar.gz"
    model.write_bytes(b"one")
    origins = [plans.endpoint(here, 1, model, "name").origin]
    origins.append(plans.endpoint(here, 1, model, "other").origin)
    model.write_bytes(b"two")
    origins.append(plans.endpoint(here, 1, model, "name").origin)
    origins.append(plans.endpoint(here, 1, tmp_path, "name").origin)

    assert len(set(origins)) == 4
    assert plans.endpoint(here, 2, tmp_path, "name").origin == origins[-1]


def test_each_server_has_an_environment_of_its_own(here: Settings) -> None:
    commands = {
        plan.command(here)[0] for plan in (plans.ministack(here, 1, "", 2), plans.moto(here, 1))
    }

    assert len(commands) == 2
    assert all(Path(command).is_relative_to(here.environments) for command in commands)
    assert set(plans.requirements(here)) == set(plans.TITLES) == set(plans.READY)
