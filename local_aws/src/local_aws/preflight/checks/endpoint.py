"""An endpoint that cannot become what the parameter file asks for."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from local_aws.preflight.context import Context
from local_aws.preflight.findings import Finding, Mark, Unasked, unasked

COMPONENT = "sagemaker_endpoint"
SERVERLESS = "serverless"
ANOTHER_NAME = (
    "Give it another EndpointName in parameters/ of sagemaker_endpoint, invoke_labeller and "
    "cloudwatch_alarms: SageMaker turns no endpoint into one of another kind "
    "(sagemaker_endpoint/README.md)."
)


def check(context: Context) -> Iterator[Finding]:
    """Compare the endpoint that runs with the one that is asked for."""
    component = context.target.components.get(COMPONENT)
    if component is None or context.is_embedded:
        return
    values = context.values(component)
    name = values["EndpointName"]
    asked = values["InstanceType"] if values["InferenceType"] == "Instance" else SERVERLESS
    try:
        runs = _runs(context, name)
        if runs is None:
            yield Finding(Mark.GOOD, f"Endpoint {name}: not there yet.")
        elif not context.has_stack(component):
            advice = (
                f"aws sagemaker delete-endpoint --region {context.region} --endpoint-name {name}"
            )
            text = f"Endpoint {name}: there without a stack, made manually perhaps."
            yield Finding(
                Mark.BAD, text, f"Delete it ({advice}), or give ours another EndpointName."
            )
        elif runs != asked:
            file = f"parameters/{context.environment}.yml"
            text = f"Endpoint {name}: {runs}, and {file} asks for {asked}."
            yield Finding(Mark.BAD, text, ANOTHER_NAME)
        else:
            yield Finding(Mark.GOOD, f"Endpoint {name}: {runs}, as the parameter file asks.")
    except Unasked as reason:
        yield unasked(f"Endpoint {name}", reason)


def _runs(context: Context, name: str) -> str | None:
    client = context.client("sagemaker")
    try:
        found = context.ask(
            "sagemaker:DescribeEndpoint", lambda: client.describe_endpoint(EndpointName=name)
        )
    except ClientError as error:
        if "Could not find endpoint" in str(error):
            return None
        raise
    config: Any = context.ask(
        "sagemaker:DescribeEndpointConfig",
        lambda: client.describe_endpoint_config(EndpointConfigName=found["EndpointConfigName"]),
    )
    return str(config["ProductionVariants"][0].get("InstanceType") or SERVERLESS)
