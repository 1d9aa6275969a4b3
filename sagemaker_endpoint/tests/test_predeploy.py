"""What SageMaker would refuse is refused before, and what it takes is not.

moto takes every update of an endpoint, so the rules that AWS documents are written down here once
more, as a double that refuses.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

import boto3
import pytest
import urllib3
from moto.server import ThreadedMotoServer

import predeploy
from deploy.errors import DeployError
from tests.templates import COMPONENT, template

REGION = "us-west-1"
STACK = "OpenDevOpsSageMaker"
NAME = "open-devops-image-labeller"
DEFAULTS = {name: str(each["Default"]) for name, each in template()["Parameters"].items()}
KINDS = {
    "serverless": {"InferenceType": "Serverless"},
    "m5": {"InferenceType": "Instance", "InstanceType": "ml.m5.large"},
    "c5": {"InferenceType": "Instance", "InstanceType": "ml.c5.large"},
}
NAMES = (NAME, f"{NAME}-2")


class RefusingSageMaker:
    """UpdateEndpoint as AWS documents it, in contrast to moto."""

    def __init__(self, kind: str) -> None:
        self._serverless = kind == "serverless"
        self._type = KINDS[kind].get("InstanceType")

    def refuses_update(self, kind: str) -> bool:
        """Whether the update fails, or would if it had to be rolled back."""
        if self._serverless != (kind == "serverless"):
            return True
        # The variant is registered with Application Auto Scaling.
        return self._type != KINDS[kind].get("InstanceType")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    for name, value in {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    # A pipeline that runs against the embedded cloud has one of its own for SageMaker.
    monkeypatch.delenv("AWS_ENDPOINT_URL_SAGEMAKER", raising=False)
    # Servers of one process hold the same.
    urllib3.request("POST", f"{url}/moto-api/reset")
    yield url
    server.stop()


pytestmark = pytest.mark.filterwarnings(
    "ignore:Tried to parse AWS..ApplicationAutoScaling:UserWarning"
)


def values(kind: str, name: str = NAME, **others: str) -> dict[str, str]:
    return {**DEFAULTS, **KINDS[kind], "EndpointName": name, **others}


def deploy(kind: str, name: str = NAME) -> None:
    boto3.client("cloudformation", REGION).create_stack(
        StackName=STACK,
        TemplateBody=(COMPONENT / "template.yml").read_text(),
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in values(kind, name).items()
        ],
    )


@pytest.mark.parametrize("runs", KINDS)
def test_whatever_sagemaker_would_refuse_is_refused_before(aws: str, runs: str) -> None:
    assert aws
    deploy(runs)
    sagemaker = RefusingSageMaker(runs)

    refused = {}
    for kind, name in product(KINDS, NAMES):
        try:
            predeploy.check(STACK, REGION, values(kind, name))
        except DeployError as error:
            refused[kind, name] = str(error)

    # a new endpoint is created next to the old one, and none is updated
    expected = {(kind, NAME) for kind in KINDS if sagemaker.refuses_update(kind)}
    assert set(refused) == expected
    assert len(expected) == 2
    for words in refused.values():
        assert "nothing was done" in words
        assert f"such as {NAME}-2" in words


def test_nothing_stands_in_the_way_of_a_first_deployment(aws: str) -> None:
    assert aws

    for kind in KINDS:
        predeploy.check(STACK, REGION, values(kind))


@pytest.mark.parametrize("others", [{"MemorySize": "2048"}, {"MaxConcurrency": "1"}])
def test_an_update_that_sagemaker_takes_goes_through(aws: str, others: dict[str, str]) -> None:
    assert aws
    deploy("serverless")

    predeploy.check(STACK, REGION, values("serverless", **others))


def test_a_manually_created_endpoint_is_reported(aws: str) -> None:
    assert aws
    sagemaker = boto3.client("sagemaker", REGION)
    variant: Any = {"VariantName": "A", "ModelName": "m", "InitialInstanceCount": 1}
    variant["InstanceType"] = "ml.m5.large"
    sagemaker.create_model(ModelName="m", ExecutionRoleArn="arn:aws:iam::123456789012:role/any")
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=NAME, EndpointConfigName="c")

    with pytest.raises(DeployError, match=r"has an endpoint .* this stack did not make"):
        predeploy.check(STACK, REGION, values("serverless"))


def test_a_missing_endpoint_is_reported(aws: str) -> None:
    assert aws
    deploy("serverless")
    sagemaker = boto3.client("sagemaker", REGION)
    for each in sagemaker.list_endpoints()["Endpoints"]:
        sagemaker.delete_endpoint(EndpointName=each["EndpointName"])

    with pytest.raises(DeployError, match="deleted behind CloudFormation's back"):
        predeploy.check(STACK, REGION, values("serverless"))


def test_fewer_instances_at_most_than_at_least_are_refused(aws: str) -> None:
    assert aws

    with pytest.raises(DeployError, match="MinCapacity is 3"):
        predeploy.check(STACK, REGION, values("m5", MinCapacity="3", MaxCapacity="2"))
    predeploy.check(STACK, REGION, values("serverless", MinCapacity="3", MaxCapacity="2"))


@pytest.mark.parametrize(
    ("name", "next_name"), [("a", "a-2"), ("a-2", "a-3"), ("a-b", "a-b-2"), ("a-9", "a-10")]
)
def test_the_next_name_is_another_one(aws: str, name: str, next_name: str) -> None:
    assert aws
    deploy("serverless", name)

    with pytest.raises(DeployError, match=f"such as {next_name},"):
        predeploy.check(STACK, REGION, values("m5", name))
