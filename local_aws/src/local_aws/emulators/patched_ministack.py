"""MiniStack with what it lacks here.

MiniStack 1.5.33 makes the end of a generated name from the stack's name and the logical id alone.
IAM is one for all regions, so the roles of a stack that is deployed to several regions would be one
role, with the policies of whichever region came last. This runs MiniStack's own program with the
region mixed in.

And where it keeps what it holds, it keeps how far a table's stream was read, but not the stream, so
that it would take the next records for delivered ones. This keeps the stream, too, and says when
all is written.

And API Gateway's events lack the key that a request came with, by which a function tells the system
tests from users. This adds it.

And it ignores what an API's document says of gateway responses, so that a missing key would be
answered with a message instead of a problem document. This puts them into the API, as AWS does.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.html

And where an API's document is another, its CloudFormation makes another API, which whoever has the
old one's id no longer finds, the website's distribution among them. AWS puts the document into the
API that there is. This does so, too.

And its CloudFront lacks what serving_cloudfront.py adds.

The Python of MiniStack's environment runs this file, and does not have this package: nothing of it
is imported here.
"""

import copy
import importlib
import inspect
import os
import runpy
import threading
from http import HTTPStatus
from pathlib import Path
from typing import Any

import serving_cloudfront  # type: ignore[import-not-found]
from ministack import app  # type: ignore[import-not-found]
from ministack.core.responses import get_region  # type: ignore[import-not-found]
from ministack.services import apigateway_v1, dynamodb  # type: ignore[import-not-found]
from ministack.services.cloudformation import provisioners  # type: ignore[import-not-found]

# There is no public name for what makes names, nor for the streams.
original = provisioners._physical_name  # noqa: SLF001
STREAMS = {
    "stream_records": dynamodb._stream_records,  # noqa: SLF001
    "stream_trimmed": dynamodb._stream_trimmed,  # noqa: SLF001
}
get_state = dynamodb.get_state
load_state = dynamodb.load_persisted_state
save_all = app.save_all
lambda_event = apigateway_v1._build_lambda_event_v1  # noqa: SLF001
import_rest_api = apigateway_v1._import_rest_api  # noqa: SLF001
GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"
rest_apis = provisioners._RESOURCE_HANDLERS["AWS::ApiGateway::RestApi"]  # noqa: SLF001
update_rest_api = rest_apis["update"]
# What expands templates of SAM, which MiniStack imports for the first one.
TRANSFORM = "samtranslator.translator.transform"
# By an API's id: what its document says, and what was made of it since.
DOCUMENT = (
    apigateway_v1._rest_apis,  # noqa: SLF001
    apigateway_v1._resources,  # noqa: SLF001
    apigateway_v1._authorizers_v1,  # noqa: SLF001
    apigateway_v1._models,  # noqa: SLF001
    apigateway_v1._gateway_responses,  # noqa: SLF001
    apigateway_v1._documentation_parts,  # noqa: SLF001
)
SNAPSHOTS = (apigateway_v1._stages_v1, apigateway_v1._deployments_v1)  # noqa: SLF001


def physical_name(stack_name: str, logical_id: str, **options: Any) -> str:
    """Name a resource as MiniStack does, with the region in its suffix."""
    seed = provisioners._NAME_SEED  # noqa: SLF001
    token = seed.set(f"{get_region()}:{seed.get()}")
    try:
        return str(original(stack_name, logical_id, **options))
    finally:
        seed.reset(token)


def get_state_with_streams() -> dict[str, Any]:
    """Return what DynamoDB holds, its streams among it."""
    return dict(get_state()) | copy.deepcopy(STREAMS)


def load_state_with_streams(state: dict[str, Any]) -> None:
    """Restore what DynamoDB held."""
    load_state(state)
    for name, stream in STREAMS.items():
        stream.update(state.get(name, {}))


def save_all_and_say_so(services: dict[str, Any]) -> None:
    """Write what every service holds, and last a file that says that this is all."""
    save_all(services)
    Path(os.environ["STATE_DIR"], "complete").touch()


def lambda_event_with_key(*arguments: Any, **named: Any) -> dict[str, Any]:
    """Build the event, and name the API key where the method asks for one."""
    event: dict[str, Any] = lambda_event(*arguments, **named)
    asked = inspect.signature(lambda_event).bind(*arguments, **named).arguments
    methods = asked["resource"].get("resourceMethods") or {}
    if (methods.get(asked["method"]) or {}).get("apiKeyRequired"):
        sent = apigateway_v1._api_key_from_request(asked["headers"])  # noqa: SLF001
        key = apigateway_v1._resolve_api_key(sent)  # noqa: SLF001
        event["requestContext"]["identity"] |= {"apiKey": key["value"], "apiKeyId": key["id"]}
    return event


def import_rest_api_with_responses(
    document: dict[str, Any], base: dict[str, Any] | None = None
) -> str:
    """Make an API of a document as MiniStack does, with the document's gateway responses."""
    api = str(import_rest_api(document, base))
    for kind, response in (document.get(GATEWAY_RESPONSES) or {}).items():
        status, _, answer = apigateway_v1._put_gateway_response(api, kind, response)  # noqa: SLF001
        if status >= HTTPStatus.BAD_REQUEST:
            raise ValueError(f"{GATEWAY_RESPONSES}: {kind} is refused: {answer!r}")
    return api


def update_rest_api_in_place(
    physical_id: str,
    old: dict[str, Any],
    new: dict[str, Any],
    stack_name: str,
    logical_id: str | None = None,
) -> tuple[str, dict[str, str]]:
    """Update an API as MiniStack does, but put another document into the API that there is."""
    if old.get("Body") == new.get("Body"):
        updated: tuple[str, dict[str, str]] = update_rest_api(
            physical_id, old, new, stack_name, logical_id
        )
        return updated
    imported, _ = rest_apis["create"](logical_id or physical_id, new, stack_name)
    for contents in DOCUMENT:
        contents[physical_id] = contents.pop(imported)
    apigateway_v1._rest_apis[physical_id]["id"] = physical_id  # noqa: SLF001
    for contents in SNAPSHOTS:
        contents.pop(imported)
    tags = apigateway_v1._v1_tags  # noqa: SLF001
    arn = apigateway_v1._rest_api_arn  # noqa: SLF001
    tags[arn(physical_id)] = tags.pop(arn(imported))
    return physical_id, provisioners._apigw_rest_api_attrs(physical_id)  # noqa: SLF001


provisioners._physical_name = physical_name  # noqa: SLF001
rest_apis["update"] = update_rest_api_in_place
dynamodb.get_state = get_state_with_streams
dynamodb.load_persisted_state = load_state_with_streams
app.save_all = save_all_and_say_so
apigateway_v1._import_rest_api = import_rest_api_with_responses  # noqa: SLF001
apigateway_v1._build_lambda_event_v1 = lambda_event_with_key  # noqa: SLF001
serving_cloudfront.install()

if __name__ == "__main__":
    # The first template of SAM needs it, and every other request would wait for that.
    threading.Thread(target=importlib.import_module, args=[TRANSFORM], daemon=True).start()
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)
