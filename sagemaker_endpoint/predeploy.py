"""What this component alone checks before its stack is deployed.

SageMaker refuses some updates of an endpoint that CloudFormation begins all the same, and then
cannot roll back either. So they are refused before anything happens:

* An endpoint on instances never becomes a serverless one, and a serverless one that became one on
  instances does not go back, which is what a rollback would do.
  https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
* The instance type does not change while the variant is registered for scaling, which it is as long
  as the stack has its scalable target.
  https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
"""

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError

from deploy.errors import DeployError

# Stands for a serverless variant among the instance types.
SERVERLESS = "Serverless"
# In these states a stack's resource does not exist.
ABSENT = ("CREATE_FAILED", "DELETE_COMPLETE")


def check(stack: str, region: str, values: Mapping[str, str]) -> None:
    """Check that SageMaker would accept what this deployment does to the endpoint.

    Args:
        stack: The stack's name.
        region: The region.
        values: The parameters that the stack is deployed with.

    Raises:
        DeployError: If SageMaker would refuse it; nothing has happened then.
    """
    _check_capacity(values)
    wanted = values["EndpointName"]
    sagemaker = boto3.client("sagemaker", region)
    ours = _endpoint_of(boto3.client("cloudformation", region), stack, wanted)
    if ours is None:
        _check_name_is_free(sagemaker, wanted, region)
        return
    runs = _kind(sagemaker, ours)
    asked = values["InstanceType"] if values["InferenceType"] == "Instance" else SERVERLESS
    if runs is None:
        raise DeployError(
            f"The endpoint {wanted} in {region} was deleted behind CloudFormation's back, so that "
            f"it cannot be changed, and nothing was done. {_path(wanted)}"
        )
    if runs != asked:
        raise DeployError(_other_kind(wanted, region, runs, asked))


def _check_capacity(values: Mapping[str, str]) -> None:
    low, high = values["MinCapacity"], values["MaxCapacity"]
    if values["InferenceType"] == "Instance" and int(low) > int(high):
        raise DeployError(f"MinCapacity is {low}, more than MaxCapacity, {high}: nothing was done.")


def _endpoint_of(cloudformation: Any, stack: str, name: str) -> str | None:
    """Return the endpoint that the stack has now, if the deployment would update that one.

    Args:
        cloudformation: A client of CloudFormation.
        stack: The stack's name.
        name: The name that the endpoint shall have.
    """
    try:
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    had = {each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", [])}
    if had.get("EndpointName") != name:
        return None
    for each in cloudformation.describe_stack_resources(StackName=stack)["StackResources"]:
        if each["LogicalResourceId"] == "Endpoint" and each["ResourceStatus"] not in ABSENT:
            # CloudFormation knows an endpoint by its ARN.
            return str(each["PhysicalResourceId"]).rpartition("/")[2]
    return None


def _check_name_is_free(sagemaker: Any, name: str, region: str) -> None:
    try:
        found = sagemaker.describe_endpoint(EndpointName=name)
    except ClientError as error:
        if "Could not find endpoint" in str(error):
            return
        raise
    raise DeployError(
        f"{region} has an endpoint {name} already, and this stack did not make it "
        f"({found['EndpointStatus']}): nothing was done. Delete it if nobody needs it (aws "
        f"sagemaker delete-endpoint --region {region} --endpoint-name {name}), or give this one "
        "another EndpointName, here, in invoke_labeller and in cloudwatch_alarms."
    )


def _kind(sagemaker: Any, name: str) -> str | None:
    """Return an endpoint's instance type, or that it is serverless; None if it is not there."""
    try:
        config = sagemaker.describe_endpoint(EndpointName=name)["EndpointConfigName"]
        found = sagemaker.describe_endpoint_config(EndpointConfigName=config)
    except ClientError as error:
        if "Could not find endpoint" in str(error):
            return None
        raise
    return str(found["ProductionVariants"][0].get("InstanceType") or SERVERLESS)


def _other_kind(name: str, region: str, runs: str, asked: str) -> str:
    if SERVERLESS in (runs, asked):
        why = "SageMaker does not convert one to the other and back"
    else:
        why = "SageMaker does not change the instance type of an endpoint with auto scaling"
    return (
        f"The endpoint {name} in {region} is {_described(runs)}, and this deployment requests one "
        f"that is {_described(asked)}. {why}, so nothing was done. {_path(name)}"
    )


def _path(name: str) -> str:
    return (
        "A new endpoint takes another name: set EndpointName to one, such as "
        f"{_successor(name)}, in parameters/ of sagemaker_endpoint, invoke_labeller and "
        "cloudwatch_alarms, and deploy them in this order. Pictures wait in the table meanwhile."
    )


def _described(kind: str) -> str:
    return "serverless" if kind == SERVERLESS else f"on {kind}"


def _successor(name: str) -> str:
    """Return the name with the next number behind it."""
    stem, _, number = name.rpartition("-")
    if stem and number.isdecimal():
        return f"{stem}-{int(number) + 1}"
    return f"{name}-2"
