"""The components' templates as CloudFormation gets them: expanded by SAM, in one environment."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
import yaml
from local_aws.project import templates
from samtranslator.parser.parser import Parser
from samtranslator.translator.arn_generator import ArnGenerator
from samtranslator.translator.translator import Translator

from tests.privileges.deployment.arns import API, arns
from tests.privileges.deployment.intrinsics import Resolver
from tests.privileges.deployment.places import ACCOUNT, ENDPOINT, STACKS, Place, made_up
from tests.project import PROJECT

# What a pipeline passes to its stack, or may pass, in addition to the file: all are tried.
VARIANTS: dict[str, list[dict[str, str]]] = {
    "sagemaker_endpoint": [{}, {"InferenceType": "Instance"}],
    "s3_infra": [{}, {"AccessLogBucketName": "logs-of-acme", "PageOrigin": "https://acme.example"}],
    "website": [{}, {"AccessLogBucketName": "logs-of-acme"}],
    "cloudwatch_alarms": [
        {
            "PagerUrl": "https://api.atlassian.com/jsm/ops/integration/v1/json/cloudwatch?apiKey=k",
            "FallbackEmail": "on-call@example.com",
            "TopicKeyArn": f"arn:aws:kms:us-west-1:{ACCOUNT}:key/0f1e2d3c",
        }
    ],
}


@dataclass(frozen=True)
class Resource:
    """A resource of a deployed stack.

    Attributes:
        logical_id: Its logical id.
        kind: Its type.
        properties: Its properties, intrinsic functions worked out.
        arns: What its service calls it, or what contains it.
    """

    logical_id: str
    kind: str
    properties: dict[str, Any]
    arns: tuple[str, ...]


@cache
def resources(component: str, place: Place) -> list[Resource]:
    """Return every resource that a component's stack may have in an environment."""
    found: dict[str, Resource] = {}
    for variant in VARIANTS.get(component, [{}]):
        for resource in _deployed(component, place, variant):
            found.setdefault(resource.logical_id, resource)
    return list(found.values())


def role_statements(component: str, place: Place) -> dict[str, list[Any]]:
    """Return the statements of the roles that a component's stack makes, by logical id."""
    return {
        resource.logical_id: [
            statement
            for policy in resource.properties["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]
        ]
        for resource in resources(component, place)
        if resource.kind == "AWS::IAM::Role"
    }


def _deployed(component: str, place: Place, variant: dict[str, str]) -> list[Resource]:
    stack, template = STACKS[component], _expanded(component, place)
    file = PROJECT / component / "parameters" / f"{place.environment}.yml"
    parameters = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    kinds = {name: each["Type"] for name, each in template["Resources"].items()}
    names = {name: _physical(stack, name, kind, place) for name, kind in kinds.items()}
    resolver = Resolver(
        template,
        names | place.pseudo_parameters | {"AWS::StackName": stack} | parameters | variant,
        _Attributes(names, kinds, place),
        _Exports(place),
    )
    return [
        Resource(name, kind, properties, arns(kind, names[name], properties, place))
        for name, (kind, properties) in resolver.resources().items()
    ]


@cache
def _expanded(component: str, place: Place) -> Any:
    template = templates.read(PROJECT / component / "template.yml")
    if "Transform" not in template:
        return template
    code = f"{place.bucket('code').rpartition(':')[2]}/{STACKS[component]}/0f1e2d3c4b5a"
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://{code}"
    template.get("Globals", {}).get("Function", {}).pop("CodeUri", None)
    session = boto3.Session("none", "none", region_name=place.region)
    ArnGenerator.BOTO_SESSION_REGION_NAME = place.region
    translator = Translator(None, Parser(), boto_session=session)
    return translator.translate(template, {}, get_managed_policy_map=dict)


def _physical(stack: str, logical_id: str, kind: str, place: Place) -> str:
    """Return what `Ref` gives of a resource."""
    name = made_up(stack, logical_id)
    bucket = logical_id.removesuffix("Bucket").lower()
    return {
        "AWS::ApiGateway::RestApi": API,
        "AWS::DynamoDB::Table": "ImageLabels",
        "AWS::S3::Bucket": place.bucket(bucket).rpartition(":")[2],
        "AWS::SNS::Topic": place.arn("sns", name),
        "AWS::SQS::Queue": f"https://sqs.{place.region}.amazonaws.com/{ACCOUNT}/{name}",
        "AWS::SageMaker::Endpoint": place.arn("sagemaker", f"endpoint/{ENDPOINT}"),
    }.get(kind, name)


class _Attributes(dict[str, str]):
    """What `Fn::GetAtt` gives: ARNs, and names that are made up."""

    def __init__(self, names: dict[str, str], kinds: dict[str, str], place: Place) -> None:
        super().__init__()
        self._names, self._kinds, self._place = names, kinds, place

    def __missing__(self, key: str) -> str:
        name, _, attribute = key.partition(".")
        if attribute in ("Arn", "TopicArn"):
            kind = self._kinds[name]
            properties: dict[str, Any] = {}
            if kind == "AWS::IAM::Role":
                properties = {"Path": f"/imagelabeller/{self._place.region}/"}
            if kind == "AWS::Logs::LogGroup":
                stack = self._names[name].partition("-")[0]
                sweep = "-Sweep" if name.startswith("Sweep") else ""
                properties = {"LogGroupName": f"/aws/lambda/{stack}{sweep}"}
                if stack == STACKS["sagemaker_endpoint"]:
                    properties = {"LogGroupName": f"/aws/sagemaker/Endpoints/{ENDPOINT}"}
                # What CloudFormation gives ends like this.
                return f"{arns(kind, self._names[name], properties, self._place)[0]}:*"
            return arns(kind, self._names[name], properties, self._place)[0]
        if attribute == "EndpointName":
            return ENDPOINT
        return self._names[name]


class _Exports(dict[str, str]):
    """What `Fn::ImportValue` gives."""

    def __init__(self, place: Place) -> None:
        table = place.arn("dynamodb", "table/ImageLabels")
        super().__init__(
            {
                "OpenDevOpsDynamoDB-TableArn": table,
                "OpenDevOpsDynamoDB-TableStreamArn": f"{table}/stream/2026-11-26T00:00:00.000",
                "OpenDevOpsDynamoDB-PendingIndexName": "Pending",
                "OpenDevOpsDynamoDB-FailedIndexName": "Failed",
                "OpenDevOpsS3-ImagesBucketArn": place.bucket("images"),
                "OpenDevOpsS3-CodeBucketArn": place.bucket("code"),
            }
        )

    def __missing__(self, key: str) -> str:
        return key
