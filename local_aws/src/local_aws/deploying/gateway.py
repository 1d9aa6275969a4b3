"""Gives MiniStack's APIs the gateway responses of their OpenAPI documents.

AWS applies `x-amazon-apigateway-gateway-responses` when it imports a document; MiniStack ignores
the extension, so a missing key would be answered with a message instead of a problem document.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.html
"""

from typing import TYPE_CHECKING, Any

from local_aws.clients import TIMEOUTS, session
from local_aws.project import templates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigateway.literals import GatewayResponseTypeType

    from local_aws.project.components import Component

EXTENSION = "x-amazon-apigateway-gateway-responses"


def responses(component: "Component") -> "Mapping[GatewayResponseTypeType, Any]":
    """Return the gateway responses of a component's OpenAPI document, by type."""
    path = component.path / "openapi.yml"
    return (templates.read(path).get(EXTENSION) or {}) if path.exists() else {}


def apply(component: "Component", url: str, region: str) -> None:
    """Put the gateway responses of a deployed component's document into its API.

    Args:
        component: The component.
        url: Where MiniStack answers.
        region: The stack's region.
    """
    wanted = responses(component)
    if not wanted:
        return
    aws = session(region)
    cloudformation = aws.client("cloudformation", endpoint_url=url, config=TIMEOUTS)
    gateway = aws.client("apigateway", endpoint_url=url, config=TIMEOUTS)
    resources = cloudformation.describe_stack_resources(StackName=component.stack)["StackResources"]
    for resource in resources:
        if resource["ResourceType"] == "AWS::ApiGateway::RestApi":
            _put(gateway, resource["PhysicalResourceId"], wanted)


def _put(
    gateway: "APIGatewayClient", api: str, wanted: "Mapping[GatewayResponseTypeType, Any]"
) -> None:
    for kind, response in wanted.items():
        status = response.get("statusCode")
        gateway.put_gateway_response(
            restApiId=api,
            responseType=kind,
            responseParameters=response.get("responseParameters", {}),
            responseTemplates=response.get("responseTemplates", {}),
            **({"statusCode": str(status)} if status else {}),
        )
    # A stage answers as its API was when it was last deployed.
    for stage in gateway.get_stages(restApiId=api)["item"]:
        gateway.create_deployment(restApiId=api, stageName=stage["stageName"])
