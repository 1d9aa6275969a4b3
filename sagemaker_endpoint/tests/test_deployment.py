"""The template, deployed into moto's server.

moto names endpoints itself, shows no outputs of a stack that came from a change set (as `sam
deploy` makes it), and passes over AWS::ApplicationAutoScaling; what the template says there is
registered through the service's own API.
"""

import ast
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.templates import COMPONENT, template

REGION = "us-west-1"
JUMPSTART: str = template()["Parameters"]["ModelDataUrl"]["Default"].rpartition("/")[2]
KEY = "arn:aws:kms:us-west-1:123456789012:key/1234abcd"
OWN = {
    "InferenceType": "Instance",
    "InstanceType": "ml.c5.large",
    "MinCapacity": "2",
    "MaxCapacity": "4",
    "EndpointName": "own",
    "KmsKeyArn": KEY,
    "ModelImage": "999999999999.dkr.ecr.{region}.amazonaws.com/team/labeller:1.0",
    "ModelDataUrl": "s3://models/efficientnet/model.tar.gz",
}

pytestmark = pytest.mark.filterwarnings(
    "ignore:Tried to parse AWS..ApplicationAutoScaling:UserWarning"
)


@dataclass
class Stack:
    """A stack, as it came out."""

    url: str
    name: str

    def client(self, service: Any) -> Any:
        return boto3.client(
            service,
            REGION,
            endpoint_url=self.url,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106
        )

    def outputs(self) -> dict[str, str]:
        (stack,) = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def resource(self, name: str) -> str:
        stack = self.client("cloudformation")
        found = stack.describe_stack_resource(StackName=self.name, LogicalResourceId=name)
        physical: str = found["StackResourceDetail"]["PhysicalResourceId"]
        return physical.rpartition("/")[2] if physical.startswith("arn:") else physical

    def endpoint(self) -> dict[str, Any]:
        client = self.client("sagemaker")
        found: dict[str, Any] = client.describe_endpoint(EndpointName=self.resource("Endpoint"))
        return found

    def container(self) -> dict[str, Any]:
        model = self.client("sagemaker").describe_model(ModelName=self.resource("Model"))
        container: dict[str, Any] = model["PrimaryContainer"]
        return container

    def statements(self) -> dict[str, dict[str, Any]]:
        """The role's statements by their ids, all functions resolved."""
        policy = self.client("iam").get_role_policy(
            RoleName=self.resource("Role"), PolicyName="Endpoint"
        )["PolicyDocument"]
        document = ast.literal_eval(policy) if isinstance(policy, str) else policy
        # moto leaves a None where CloudFormation drops what is NoValue
        return {statement.pop("Sid"): statement for statement in document["Statement"] if statement}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


def deploy(url: str, name: str, **parameters: str) -> Stack:
    stack = Stack(url, name)
    stack.client("cloudformation").create_stack(
        StackName=name,
        TemplateBody=(COMPONENT / "template.yml").read_text(),
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
    )
    return stack


@pytest.fixture(scope="module")
def jumpstart(url: str) -> Stack:
    """What the defaults give: JumpStart's Inception V3, serverless."""
    return deploy(url, "JumpStart")


@pytest.fixture(scope="module")
def own(url: str) -> Stack:
    """A model and container of one's own, on instances."""
    return deploy(url, "Own", **OWN)


def test_the_serverless_endpoint_is_in_service(jumpstart: Stack) -> None:
    endpoint = jumpstart.endpoint()

    assert endpoint["EndpointStatus"] == "InService"
    assert jumpstart.outputs() == {
        "EndpointName": endpoint["EndpointName"],
        "EndpointArn": endpoint["EndpointArn"],
    }
    (variant,) = endpoint["ProductionVariants"]
    assert variant["CurrentServerlessConfig"] == {"MemorySizeInMB": 3072, "MaxConcurrency": 5}
    assert "CurrentInstanceCount" not in variant


def test_the_endpoint_of_instances_is_in_service(own: Stack) -> None:
    endpoint = own.endpoint()

    assert endpoint["EndpointStatus"] == "InService"
    (variant,) = endpoint["ProductionVariants"]
    assert variant["CurrentInstanceCount"] == 2
    assert "CurrentServerlessConfig" not in variant
    config = own.client("sagemaker").describe_endpoint_config(
        EndpointConfigName=endpoint["EndpointConfigName"]
    )
    assert config["ProductionVariants"][0]["InstanceType"] == "ml.c5.large"
    assert config["KmsKeyId"] == KEY


def test_the_container_is_the_regions(jumpstart: Stack) -> None:
    container = jumpstart.container()

    repository = "763104351884.dkr.ecr.us-west-1.amazonaws.com/tensorflow-inference"
    assert container["Image"].startswith(f"{repository}:")
    bucket = "s3://jumpstart-cache-prod-us-west-1/tensorflow-infer/prepack/v1.0.0"
    assert container["ModelDataUrl"] == f"{bucket}/{JUMPSTART}"
    assert container["Environment"]["SAGEMAKER_PROGRAM"] == "inference.py"


def test_the_container_may_be_ones_own(own: Stack) -> None:
    container = own.container()

    assert container["Image"] == "999999999999.dkr.ecr.us-west-1.amazonaws.com/team/labeller:1.0"
    assert container["ModelDataUrl"] == "s3://models/efficientnet/model.tar.gz"


def test_the_role_may_do_exactly_what_an_endpoint_needs(jumpstart: Stack) -> None:
    statements = jumpstart.statements()

    bucket = "arn:aws:s3:::jumpstart-cache-prod-us-west-1/tensorflow-infer/prepack/v1.0.0"
    group = "log-group:/aws/sagemaker/Endpoints/open-devops-image-labeller"
    namespaces = ["AWS/SageMaker", "/aws/sagemaker/Endpoints"]
    assert statements == {
        "ReadModelData": {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": f"{bucket}/{JUMPSTART}",
        },
        "PullImage": {
            "Effect": "Allow",
            "Action": [
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
            "Resource": "arn:aws:ecr:us-west-1:763104351884:repository/tensorflow-inference",
        },
        "AuthorizeAtRegistry": {
            "Effect": "Allow",
            "Action": "ecr:GetAuthorizationToken",
            "Resource": "*",
        },
        "WriteLogs": {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": f"arn:aws:logs:us-west-1:123456789012:{group}",
        },
        "PutMetrics": {
            "Effect": "Allow",
            "Action": "cloudwatch:PutMetricData",
            "Resource": "*",
            "Condition": {"StringEquals": {"cloudwatch:namespace": namespaces}},
        },
    }


@pytest.mark.parametrize("reference", [":1.0", f"@sha256:{'a' * 64}"])
@pytest.mark.parametrize("repository", ["labeller", "team/labeller", "a/b.c/d_e"])
def test_the_role_pulls_from_the_images_repository(
    url: str, request: pytest.FixtureRequest, repository: str, reference: str
) -> None:
    image = f"999999999999.dkr.ecr.{{region}}.amazonaws.com/{repository}{reference}"
    name = f"image{abs(hash(request.node.name))}"

    statements = deploy(url, name, EndpointName=name, ModelImage=image).statements()

    arn = f"arn:aws:ecr:us-west-1:999999999999:repository/{repository}"
    assert statements["PullImage"]["Resource"] == arn


def test_the_role_reads_one_object_and_decrypts_with_one_key(own: Stack) -> None:
    statements = own.statements()

    assert statements["ReadModelData"]["Resource"] == (
        "arn:aws:s3:::models/efficientnet/model.tar.gz"
    )
    assert statements["DecryptModelData"] == {
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": KEY,
        "Condition": {"StringEquals": {"kms:ViaService": "s3.us-west-1.amazonaws.com"}},
    }


def test_log_events_do_not_stay_forever(jumpstart: Stack) -> None:
    (group,) = jumpstart.client("logs").describe_log_groups(
        logGroupNamePrefix="/aws/sagemaker/Endpoints/open-devops-image-labeller"
    )["logGroups"]

    assert group["retentionInDays"] == 30


def test_the_service_takes_the_scaling_that_the_template_describes(own: Stack) -> None:
    # given the template's properties, with what they refer to filled in
    values: dict[str, Any] = {"MinCapacity": 2, "MaxCapacity": 4, "InvocationsPerInstance": 300}
    resources = template()["Resources"]
    target = resources["ScalableTarget"]["Properties"]
    policy = resources["ScalingPolicy"]["Properties"]
    tracking = policy["TargetTrackingScalingPolicyConfiguration"]
    endpoint = own.outputs()["EndpointName"]
    scaling = own.client("application-autoscaling")
    variant = {
        "ServiceNamespace": target["ServiceNamespace"],
        "ScalableDimension": target["ScalableDimension"],
        "ResourceId": f"endpoint/{endpoint}/variant/AllTraffic",
    }

    scaling.register_scalable_target(
        **variant,
        MinCapacity=values[target["MinCapacity"]["Ref"]],
        MaxCapacity=values[target["MaxCapacity"]["Ref"]],
    )
    scaling.put_scaling_policy(
        **variant,
        PolicyName=policy["PolicyName"],
        PolicyType=policy["PolicyType"],
        TargetTrackingScalingPolicyConfiguration={
            **tracking,
            "TargetValue": values[tracking["TargetValue"]["Ref"]],
        },
    )

    (found,) = scaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    assert found["ResourceId"] == variant["ResourceId"]
    assert found["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 300


def make_deploy(url: str, parameters: str) -> subprocess.CompletedProcess[str]:
    # A local delivery has endpoints of single services there, which would come before this one.
    kept = {name: value for name, value in os.environ.items() if "ENDPOINT_URL" not in name}
    return subprocess.run(  # noqa: S603 # the arguments are the test's own
        ["make", "-o", ".uv/bin/uv", "deploy", f"PARAMETERS={parameters}"],  # noqa: S607
        cwd=COMPONENT,
        env={
            **kept,
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "SAM_CLI_POLL_DELAY": "0.3",
        },
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def test_make_deploy_deploys_it_and_refuses_another_kind(url: str) -> None:
    result = make_deploy(url, "EndpointName=made")

    assert result.returncode == 0, result.stdout + result.stderr
    stack = Stack(url, "OpenDevOpsSageMaker")
    endpoint = stack.endpoint()
    assert endpoint["EndpointStatus"] == "InService"
    (variant,) = endpoint["ProductionVariants"]
    assert variant["CurrentServerlessConfig"] == {"MemorySizeInMB": 3072, "MaxConcurrency": 2}

    refused = make_deploy(url, "EndpointName=made InferenceType=Instance")

    assert refused.returncode == 2
    assert (
        "is serverless, and this deployment requests one that is on ml.m5.large" in refused.stderr
    )
    assert "Deploying" not in refused.stdout
    assert stack.endpoint()["ProductionVariants"] == [variant]
