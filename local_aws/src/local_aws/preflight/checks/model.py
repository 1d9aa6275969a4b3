"""Whether the model's image and data are there to be read."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from local_aws.preflight.context import Context
from local_aws.preflight.findings import Finding, Mark, Unanswered, found

COMPONENT = "sagemaker_endpoint"
ASK_THE_SDK = (
    "Ask SageMaker's Python SDK for the real one (sagemaker_endpoint/README.md has the lines), and "
    "set {parameter} in sagemaker_endpoint/parameters/."
)
UNSEEN = (
    "The project could not verify that this object exists: its key follows the pattern of "
    "JumpStart's other models."
)


def check(context: Context) -> Iterator[Finding]:
    """Look at the image and at the data."""
    component = context.target.components.get(COMPONENT)
    if component is None:
        return
    if context.is_embedded:
        yield Finding(Mark.NOTE, "Model: the embedded cloud serves another, so none is looked for.")
        return
    values = context.values(component)
    image = values["ModelImage"].replace("{region}", context.region)
    yield found(f"Model image {image}", lambda: _image(context, image))
    yield _data(context, values["ModelDataUrl"].replace("{region}", context.region))


def _image(context: Context, image: str) -> Finding:
    registry, _, name = image.partition("/")
    repository, at, digest = name.partition("@")
    identity = {"imageDigest": digest} if at else {"imageTag": name.rpartition(":")[2]}
    if not at:
        repository = name.rpartition(":")[0]
    client = context.client("ecr")
    advice = ASK_THE_SDK.format(parameter="ModelImage")
    try:
        answer: Any = context.ask(
            "ecr:BatchGetImage",
            lambda: client.batch_get_image(
                registryId=registry.partition(".")[0],
                repositoryName=repository,
                imageIds=[identity],
            ),
        )
    except ClientError as error:
        return Finding(Mark.BAD, f"Model image {image}: {error.response['Error']['Code']}.", advice)
    if answer.get("images"):
        return Finding(Mark.GOOD, f"Model image {image}: exists and can be read.")
    return Finding(Mark.BAD, f"Model image {image}: the registry has no such image.", advice)


def _data(context: Context, url: str) -> Finding:
    bucket, _, key = url.removeprefix("s3://").partition("/")
    client = context.client("s3")
    advice = ASK_THE_SDK.format(parameter="ModelDataUrl")
    try:
        answer = context.ask("s3:GetObject", lambda: client.head_object(Bucket=bucket, Key=key))
    except Unanswered as reason:
        # S3 says 403 of what is not there, too, unless the bucket may be listed.
        text = f"Model data {url}: could not be checked, since {reason}, or the object is missing."
        return Finding(Mark.UNKNOWN, text, f"{UNSEEN} {advice}")
    except ClientError as error:
        code = error.response["Error"]["Code"]
        text = f"Model data {url}: not found ({code})."
        return Finding(Mark.BAD, text, f"{UNSEEN} {advice}")
    return Finding(Mark.GOOD, f"Model data {url}: exists, {answer['ContentLength']:,} bytes.")
