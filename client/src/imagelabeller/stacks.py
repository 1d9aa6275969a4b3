"""Finds the API by the deployed stacks, as AWS CloudFormation knows them."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from requests.auth import AuthBase

from imagelabeller.auth import EXTRA, Anonymous, ApiKey, AuthMode, SigV4
from imagelabeller.client import Connection
from imagelabeller.errors import ConfigurationError

if TYPE_CHECKING:
    from boto3 import Session

SUBMIT_STACK, LOOK_UP_STACK = "OpenDevOpsSubmitImage", "OpenDevOpsGetImageLabel"
EXECUTE_API = re.compile(r"https://(?P<api>[a-z0-9]+)\.execute-api\.[^/]+/(?P<rest>.+)")


def find(
    submit_stack: str = SUBMIT_STACK,
    look_up_stack: str = LOOK_UP_STACK,
    region: str | None = None,
    key: str | None = None,
    session: "Session | None" = None,
) -> Connection:
    """Find the API by the outputs of its stacks, and the key by its id.

    The caller needs `cloudformation:DescribeStacks`, and `apigateway:GET` unless the key is given.

    Args:
        submit_stack: Name of the stack of submit_image.
        look_up_stack: Name of the stack of get_image_label.
        region: Their region; the session's by default.
        key: The API key, where it is known; by default the stack's.
        session: A session of boto3; one by the user's configuration by default.

    Raises:
        ConfigurationError: If they are not there, or AWS cannot be asked.
    """
    try:
        import boto3  # noqa: PLC0415 # an extra
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 # an extra
    except ImportError as error:
        raise ConfigurationError(
            "It is not known where the API is: set IMAGELABELLER_API, or let it be found by its "
            f"stacks. {EXTRA}"
        ) from error
    try:
        session = session or boto3.Session(region_name=region)
        if session.region_name is None:
            raise ConfigurationError(
                "It is not known where the API is: set IMAGELABELLER_API, or the region of its "
                "stacks (--region or AWS_REGION)."
            )
        return _find(session, submit_stack, look_up_stack, key)
    except ClientError as error:
        raise ConfigurationError(f"AWS refused to say where the API is: {error}") from error
    except BotoCoreError as error:
        raise ConfigurationError(f"AWS cannot be asked where the API is: {error}") from error


def _find(session: "Session", submit_stack: str, look_up_stack: str, key: str | None) -> Connection:
    submit, submit_mode = _stack(session, submit_stack, "SubmitImageAPI")
    look_up, look_up_mode = _stack(session, look_up_stack, "GetImageLabelAPI")
    # Where one key opens both, the stack of submit_image alone has it.
    shared = submit.get("ApiKeyId")
    own = look_up.get("ApiKeyId", shared)
    return Connection(
        reachable(session, submit["SubmitImageAPI"]),
        reachable(session, look_up["GetImageLabelAPI"]),
        _auth(session, submit_stack, submit_mode, key, shared),
        _auth(session, look_up_stack, look_up_mode, key, own),
    )


def reachable(session: "Session", url: str) -> str:
    """Map the URL of an API to one that answers: on an emulator, that is the emulator's.

    Args:
        session: Knows by its configuration whether an emulator is used.
        url: `https://<api>.execute-api.<region>.amazonaws.com/<stage>/<path>`, a stack's output.
    """
    # The SDK's own rules say which endpoint holds: AWS_ENDPOINT_URL, a profile's, or AWS's.
    endpoint = session.client("cloudformation").meta.endpoint_url.rstrip("/")
    match = EXECUTE_API.fullmatch(url)
    if match is None or ".amazonaws." in endpoint:
        return url
    return f"{endpoint}/_aws/execute-api/{match['api']}/{match['rest']}"


def _stack(session: "Session", name: str, output: str) -> tuple[Mapping[str, str], str]:
    """Return a stack's outputs and its AuthMode."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 # an extra

    try:
        [found] = session.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" not in error.response["Error"]["Message"]:
            raise
        raise ConfigurationError(
            f"There is no stack {name} in {session.region_name}. Name another region (--region), "
            "or the API's address (IMAGELABELLER_API)."
        ) from error
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    parameters = {
        each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", [])
    }
    if output not in outputs:
        raise ConfigurationError(f"The stack {name} has no output {output}: it is another stack.")
    return outputs, parameters.get("AuthMode", AuthMode.API_KEY)


def _auth(
    session: "Session", stack: str, mode: str, key: str | None, key_id: str | None
) -> AuthBase:
    match mode:
        case AuthMode.NONE:
            return Anonymous()
        case AuthMode.IAM:
            return SigV4.of_session(session.region_name)
    if key:
        return ApiKey(key)
    if key_id is None:
        raise ConfigurationError(
            f"The stack {stack} has no output ApiKeyId: set IMAGELABELLER_API_KEY."
        )
    answer = session.client("apigateway").get_api_key(apiKey=key_id, includeValue=True)
    return ApiKey(answer["value"])
