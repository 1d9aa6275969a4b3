"""What a program inherits from whoever starts this one."""

import os

import pytest

from local_aws.tools import environ

MINE = ("AWS_PROFILE", "BITBUCKET_COMMIT", "IMAGELABELLER_PORT", "MAKEFLAGS", "PARAMETERS")
URL = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def mine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*MINE, "SAM_CLI_DEBUG", "TASKCAT_PROJECT_REGIONS", "VIRTUAL_ENV", "EDITOR"):
        monkeypatch.setenv(name, "mine")


def test_a_tool_knows_nothing_of_the_user_s_aws_nor_of_what_make_was_called_with() -> None:
    found = environ.of_tool()

    assert [name for name, value in found.items() if value == "mine"] == ["EDITOR"]
    assert found["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert "AWS_ACCESS_KEY_ID" not in found


def test_on_aws_a_tool_has_the_user_s_aws() -> None:
    found = environ.of_tool(on_aws=True)

    assert found["AWS_PROFILE"] == found["BITBUCKET_COMMIT"] == "mine"
    assert not {"IMAGELABELLER_PORT", "MAKEFLAGS", "PARAMETERS"} & set(found)


def test_a_server_inherits_what_is_listed_alone() -> None:
    found = environ.of_server()

    assert "mine" not in found.values()
    assert found["PATH"] == os.environ["PATH"]


def test_an_emulator_takes_the_place_of_the_user_s_account() -> None:
    found = environ.of_tool() | environ.emulator(URL, "eu-west-1")

    assert (found["AWS_ENDPOINT_URL"], found["AWS_DEFAULT_REGION"]) == (URL, "eu-west-1")
    assert found["AWS_CONFIG_FILE"] == os.devnull
