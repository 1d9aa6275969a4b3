"""What a pipeline asks AWS for itself: `make promote`, with the SAM CLI, and the system tests."""

from collections.abc import Iterator

from tests.privileges.deployment.arns import API
from tests.privileges.deployment.deploy_roles import OTHER_API
from tests.privileges.deployment.handlers import Call
from tests.privileges.deployment.places import ENDPOINT, FUNCTIONS, STACKS, Place

ID = "6b7c8d9e-0f1a-4b2c-8d3e-4f5a6b7c8d9e"
# What SAM's templates are expanded by.
TRANSFORM = "Serverless-2016-10-31"
# The SAM CLI, as it deploys, waits and clears away; then what the Makefile asks for outside Test.
OF_THE_STACK = (
    "CreateChangeSet",
    "DeleteChangeSet",
    "DeleteStack",
    "DescribeChangeSet",
    "DescribeStackEvents",
    "DescribeStackResources",
    "DescribeStacks",
    "ExecuteChangeSet",
    "GetTemplate",
    "GetTemplateSummary",
    "ListStackResources",
    "SetStackPolicy",
    "UpdateTerminationProtection",
)
OF_THE_REGION = ("GetTemplateSummary", "ListExports", "ListStacks")
OF_A_PACKAGE = ("AbortMultipartUpload", "GetObject", "PutObject")


def stack(name: str, place: Place) -> str:
    """Return a stack's ARN."""
    return place.arn("cloudformation", f"stack/{name}/{ID}")


def promote(component: str, place: Place) -> Iterator[Call]:
    """Yield what `make promote` asks for.

    https://github.com/aws/aws-sam-cli/blob/develop/samcli/lib/deploy/deployer.py
    https://github.com/aws/aws-sam-cli/blob/develop/samcli/lib/package/s3_uploader.py
    """
    context = {"aws:RequestedRegion": place.region}
    name, why = STACKS[component], f"{component}: make promote"
    for action in OF_THE_STACK:
        yield Call(why, f"cloudformation:{action}", stack(name, place), context)
    for action in OF_THE_REGION:
        yield Call(why, f"cloudformation:{action}", "*", context)
    for other in STACKS.values():
        yield Call(why, "cloudformation:DescribeStacks", stack(other, place), context)
    if component == "sagemaker_endpoint":
        # predeploy.py looks whether the endpoint is of the kind that is wanted.
        endpoint = place.arn("sagemaker", f"endpoint/{ENDPOINT}")
        config = place.arn("sagemaker", "endpoint-config/endpointconfig-1a2b3c4d5e6f")
        yield Call(why, "sagemaker:DescribeEndpoint", endpoint, context)
        yield Call(why, "sagemaker:DescribeEndpointConfig", config, context)
    if component == "website":
        # postdeploy.py publishes the page, and deletes what it replaced long ago.
        for action in ("DeleteObject", "PutObject"):
            key = f"{place.bucket('website')}/assets/0f1e2d3c4b5a6978/app.js"
            yield Call(why, f"s3:{action}", key, context)
        yield Call(why, "s3:ListBucket", place.bucket("website"), context)
    if component not in FUNCTIONS:
        return
    for action in OF_A_PACKAGE:
        key = f"{place.bucket('code')}/{name}/0f1e2d3c4b5a"
        yield Call(why, f"s3:{action}", key, context)
    for action in ("GetBucketLocation", "ListBucket"):
        yield Call(why, f"s3:{action}", place.bucket("code"), context)


def run_suite(place: Place) -> Iterator[Call]:
    """Yield what the system tests ask for, with their own role."""
    why = "system_tests"
    for name in ("S3", "DynamoDB", "SubmitImage", "GetImageLabel", "InvokeLabeller", "Website"):
        yield Call(why, "cloudformation:DescribeStacks", stack(f"OpenDevOps{name}", place))
    region = {"aws:RequestedRegion": place.region}
    yield Call(why, "cloudformation:ListStacks", "*", region)
    for name in ("OpenDevOpsSubmitImage", "OpenDevOpsGetImageLabel"):
        key = f"arn:aws:apigateway:{place.region}::/apikeys/k1e2y3"
        context = {"aws:ResourceTag/aws:cloudformation:stack-name": name}
        yield Call(why, "apigateway:GET", key, context)
    for function in (
        "OpenDevOpsSubmitImage-Function",
        "OpenDevOpsGetImageLabel-Function",
        "OpenDevOpsInvokeLabeller-SweepFunction",
    ):
        arn = place.arn("lambda", f"function:{function}-1A2B3C4D5E6F7")
        yield Call(why, "lambda:InvokeFunction", arn)
    for call in (
        f"{API}/v1/GET/submit-image",
        f"{API}/v1/POST/submit-image",
        f"{OTHER_API}/v1/GET/get-image-label",
    ):
        yield Call(why, "execute-api:Invoke", place.arn("execute-api", call))
    for action in ("DeleteObject", "GetObject", "PutObject"):
        yield Call(why, f"s3:{action}", f"{place.bucket('code')}/system-tests/{ID}/pug.jpg")
