"""Where the API is: the command line, then the environment, then the stacks."""

import sys
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from imagelabeller import Anonymous, ApiKey, ConfigurationError, SigV4, stacks
from imagelabeller.settings import Settings
from tests.test_auth import no_aws

SUBMIT = "https://a1.execute-api.us-west-1.amazonaws.com/v1/submit-image"
LOOK_UP = "https://b2.execute-api.us-west-1.amazonaws.com/v1/get-image-label"


class Session:
    """boto3's session, with the stacks and keys of an account; also its clients."""

    def __init__(
        self,
        deployed: Mapping[str, tuple[dict[str, str], dict[str, str]]],
        endpoint: str = "https://cloudformation.us-west-1.amazonaws.com",
        error: Exception | None = None,
    ) -> None:
        self.region_name: str | None = "us-west-1"
        self.deployed, self.error = deployed, error
        self.meta = self
        self.endpoint_url = endpoint

    def client(self, _: str) -> "Session":
        return self

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803 # boto3's name
        if self.error:
            raise self.error
        if StackName not in self.deployed:
            message = f"Stack with id {StackName} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "x")
        outputs, parameters = self.deployed[StackName]
        return {
            "Stacks": [
                {
                    "Outputs": [{"OutputKey": k, "OutputValue": v} for k, v in outputs.items()],
                    "Parameters": [
                        {"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()
                    ],
                }
            ]
        }

    def get_api_key(self, apiKey: str, includeValue: bool) -> Any:  # noqa: FBT001, N803 # boto3's
        assert includeValue
        return {"value": f"value-of-{apiKey}"}


def find(session: Session, key: str | None = None) -> Any:
    return stacks.find(key=key, session=session)  # type: ignore[arg-type] # a fake


def deployed(
    submit: dict[str, str], look_up: dict[str, str], mode: str = "ApiKey"
) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    return {
        stacks.SUBMIT_STACK: ({"SubmitImageAPI": SUBMIT} | submit, {"AuthMode": mode}),
        stacks.LOOK_UP_STACK: ({"GetImageLabelAPI": LOOK_UP} | look_up, {"AuthMode": mode}),
    }


def test_one_key_opens_both_apis() -> None:
    connection = find(Session(deployed({"ApiKeyId": "k1"}, {})))

    assert (connection.submit, connection.look_up) == (SUBMIT, LOOK_UP)
    assert connection.submit_auth == connection.look_up_auth == ApiKey("value-of-k1")
    assert connection.uploads == SUBMIT.replace("submit-image", "uploads")


def test_each_api_may_have_a_key_of_its_own() -> None:
    connection = find(Session(deployed({"ApiKeyId": "k1"}, {"ApiKeyId": "k2"})))

    assert connection.submit_auth == ApiKey("value-of-k1")
    assert connection.look_up_auth == ApiKey("value-of-k2")


def test_a_key_that_is_given_is_not_asked_for() -> None:
    connection = find(Session(deployed({}, {})), key="given")

    assert connection.submit_auth == connection.look_up_auth == ApiKey("given")


def test_the_stacks_say_who_may_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")

    assert isinstance(find(Session(deployed({}, {}, "None"))).submit_auth, Anonymous)
    signing = find(Session(deployed({}, {}, "IAM"))).look_up_auth
    assert isinstance(signing, SigV4)
    assert signing.region == "us-west-1"


def test_on_an_emulator_the_emulator_is_called() -> None:
    session = Session(deployed({"ApiKeyId": "k"}, {}), "http://127.0.0.1:4566/")

    connection = find(session)

    assert connection.submit == "http://127.0.0.1:4566/_aws/execute-api/a1/v1/submit-image"
    assert connection.uploads == "http://127.0.0.1:4566/_aws/execute-api/a1/v1/uploads"


DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": "No."}}, "DescribeStacks")


@pytest.mark.parametrize(
    ("session", "printed"),
    [
        (Session({}), "There is no stack OpenDevOpsSubmitImage in us-west-1"),
        (Session(deployed({}, {})), "has no output ApiKeyId"),
        (Session({stacks.SUBMIT_STACK: ({}, {})}), "has no output SubmitImageAPI"),
        (Session({}, error=DENIED), "AWS refused to say where the API is"),
        (
            Session({}, error=EndpointConnectionError(endpoint_url="https://x.invalid")),
            "AWS cannot be asked",
        ),
    ],
)
def test_what_is_not_there_is_named(session: Session, printed: str) -> None:
    with pytest.raises(ConfigurationError, match=printed):
        find(session)


def test_without_a_region_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    no_aws(monkeypatch)

    with pytest.raises(ConfigurationError, match="set IMAGELABELLER_API, or the region"):
        Settings.read({}, {}).connection()


def test_without_the_sdk_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)

    for settings in (Settings(), Settings(api="https://x", auth_mode="IAM")):
        with pytest.raises(ConfigurationError, match=r"pip install 'imagelabeller\[aws\]'"):
            settings.connection()


def test_the_command_line_counts_more_than_the_environment() -> None:
    environ = {
        "IMAGELABELLER_API": "https://environment.example",
        "IMAGELABELLER_API_KEY": "k",
        "IMAGELABELLER_AUTH_MODE": "ApiKey",
    }

    settings = Settings.read(environ, {"api": "https://given.example/", "region": None})

    assert settings.connection().submit == "https://given.example/submit-image"
    assert settings.connection().look_up_auth == ApiKey("k")


@pytest.mark.parametrize(
    ("environ", "printed"),
    [
        ({"API": "https://x"}, "The API key is missing"),
        ({"API": "https://x", "AUTH_MODE": "Key"}, "no AuthMode 'Key'; there are ApiKey, IAM, No"),
        ({"API": "ftp://x", "API_KEY": "k"}, "is not the address of an API"),
        ({"API": "https://[x", "API_KEY": "k"}, "is not the address of an API"),
        ({"API": "http://x", "API_KEY": "k"}, "unencrypted: use https"),
        ({"SUBMIT_API": "https://x", "API_KEY": "k"}, "Set both IMAGELABELLER_SUBMIT_API and"),
    ],
)
def test_what_makes_no_sense_is_reported(environ: dict[str, str], printed: str) -> None:
    given = {f"IMAGELABELLER_{name}": value for name, value in environ.items()}

    with pytest.raises(ConfigurationError, match=printed):
        Settings.read(given, {}).connection()


def test_two_addresses_have_one_key() -> None:
    environ = {
        "IMAGELABELLER_SUBMIT_API": SUBMIT,
        "IMAGELABELLER_LOOKUP_API": LOOK_UP,
        "IMAGELABELLER_API_KEY": "k",
    }

    connection = Settings.read(environ, {}).connection()

    assert (connection.submit, connection.look_up) == (SUBMIT, LOOK_UP)
    assert connection.submit_auth == connection.look_up_auth == ApiKey("k")
