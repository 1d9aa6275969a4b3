"""API Gateway."""

from dataclasses import dataclass
from typing import Any

import urllib3

from local_aws.deploying import stacks
from tests.gaps.conftest import World, unique
from tests.gaps.test_lambda import invocations

FINE = "def handle(event, context): return {'statusCode': 200, 'body': '{}'}\n"
TELLING = (
    "import json\n"
    "def handle(event, context):\n"
    "    identity = event['requestContext']['identity']\n"
    "    return {'statusCode': 200, 'body': json.dumps(identity)}\n"
)
BROKEN = "def handle(event, context): raise ValueError('the secret inside')\n"
PROBLEM = '{"title": "Forbidden"}'


@dataclass(frozen=True)
class Api:
    id: str
    url: str
    function: str


def document(function_arn: str, *, with_key: bool) -> dict[str, Any]:
    integration = {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": f"arn:aws:apigateway:us-west-1:lambda:path/2015-03-31/functions/{function_arn}"
        "/invocations",
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": unique("api"), "version": "1"},
        "x-amazon-apigateway-gateway-responses": {
            "INVALID_API_KEY": {"responseTemplates": {"application/json": PROBLEM}}
        },
        "components": {
            "securitySchemes": {"ApiKey": {"type": "apiKey", "in": "header", "name": "x-api-key"}}
        },
        "paths": {
            "/x": {
                "get": {
                    "security": [{"ApiKey": []}] if with_key else [],
                    "x-amazon-apigateway-integration": integration,
                }
            }
        },
    }


def make(world: World, code: str, *, with_key: bool = False) -> Api:
    """Make an API before a function that has no permission for it."""
    function = world.function(code)
    arn = world.client("lambda").get_function(FunctionName=function)["Configuration"]["FunctionArn"]
    body = document(arn, with_key=with_key)
    template = {
        "Resources": {
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body}},
            "Deployment": {
                "Type": "AWS::ApiGateway::Deployment",
                "Properties": {"RestApiId": {"Ref": "Api"}, "StageName": "v1"},
            },
        },
        "Outputs": {"Id": {"Value": {"Ref": "Api"}}},
    }
    stack = world.stack(template)
    waiter = world.cloudformation.get_waiter("stack_create_complete")
    waiter.wait(StackName=stack, WaiterConfig={"Delay": 1})
    made = world.cloud.outputs()[stack]["Id"]
    return Api(made, f"{world.url}/_aws/execute-api/{made}/v1/x", function)


def test_a_document_s_gateway_responses_are_those_of_its_api(world: World) -> None:
    """MiniStack ignores them; patched_ministack.py puts them into the API."""
    api = make(world, FINE, with_key=True)

    refused = urllib3.request("GET", api.url)

    assert (refused.status, refused.json()) == (403, {"title": "Forbidden"})


def test_a_gateway_response_of_no_known_type_is_refused(world: World) -> None:
    body = document("arn:aws:lambda:us-west-1:123456789012:function:x", with_key=False)
    body["x-amazon-apigateway-gateway-responses"] = {"NO_SUCH_TYPE": {}}
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body}}

    stack = world.stack({"Resources": {"Api": api}})

    assert stacks.wait(world.cloudformation, stack, 0.1) == "ROLLBACK_COMPLETE"
    [cause] = stacks.causes(world.cloudformation, stack)
    assert "NO_SUCH_TYPE is refused" in cause


def test_a_function_is_called_without_permission(world: World) -> None:
    """So `AWS::Lambda::Permission` is asserted in the components' own tests."""
    api = make(world, FINE)

    assert urllib3.request("GET", api.url).status == 200


def test_a_function_learns_which_key_a_request_came_with(world: World) -> None:
    """MiniStack does not say it; what AWS's event has, patched_ministack.py adds."""
    # given
    api = make(world, TELLING, with_key=True)
    gateway = world.client("apigateway")
    key = gateway.create_api_key(name=unique("key"), enabled=True)
    plan = gateway.create_usage_plan(
        name=unique("plan"), apiStages=[{"apiId": api.id, "stage": "v1"}]
    )
    gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")

    # when
    answer = urllib3.request("GET", api.url, headers={"x-api-key": key["value"]})

    # then
    assert answer.json()["apiKeyId"] == key["id"]
    assert "apiKeyId" not in urllib3.request("GET", make(world, TELLING).url).json()


def test_a_handler_s_error_text_gets_out(world: World) -> None:
    """So that handlers let no exception out is a test of their own."""
    api = make(world, BROKEN)

    answer = urllib3.request("GET", api.url)

    assert answer.status >= 500
    assert "the secret inside" in answer.data.decode()


def test_a_call_through_an_api_is_not_counted(world: World) -> None:
    """So alarms on a function's metrics do not change here when its API is used."""
    api = make(world, FINE)

    urllib3.request("GET", api.url)

    assert invocations(world, api.function) == 0
