"""What is checked before a deployment, against the emulators and the project's own templates."""

import io
from dataclasses import replace

import pytest
from local_aws.cloud import Cloud
from local_aws.deploying.emulated import Emulated
from local_aws.errors import CloudError
from local_aws.operations import review
from local_aws.preflight import report
from local_aws.preflight.checks import names, stacks
from local_aws.preflight.context import Context
from local_aws.preflight.findings import Mark
from rich.console import Console

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def target(cloud: Cloud) -> Emulated:
    return Emulated(cloud.settings, cloud.progress)


def test_nothing_stands_in_the_way_of_the_next_deployment(target: Emulated) -> None:
    written = io.StringIO()

    code = report.preflight([target], Console(file=written, width=400))

    text = written.getvalue()
    assert code == 0, text
    assert "✓ Table ImageLabels: exists, with its stack OpenDevOpsDynamoDB." in text
    assert "✓ Stack OpenDevOpsSageMaker: CREATE_COMPLETE." in text
    assert "Model: the embedded cloud serves another" in text


def test_what_an_earlier_stack_left_is_in_the_way(cloud: Cloud) -> None:
    elsewhere = Context(Emulated(replace(cloud.settings, region="us-east-2"), cloud.progress))
    logs = elsewhere.client("logs")
    logs.create_log_group(logGroupName="/aws/lambda/OpenDevOpsSubmitImage")
    name = f"open-devops-images-us-east-2-{elsewhere.target.account()}"
    elsewhere.client("s3").create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-east-2"}
    )
    try:
        found = {each.text: each for each in names.check(elsewhere)}
    finally:
        logs.delete_log_group(logGroupName="/aws/lambda/OpenDevOpsSubmitImage")
        elsewhere.client("s3").delete_bucket(Bucket=name)

    bad = {text for text, each in found.items() if each.mark is Mark.BAD}
    assert bad == {
        f"Bucket {name}: left from an earlier stack, and in the way.",
        "Log group /aws/lambda/OpenDevOpsSubmitImage: left from an earlier stack, and in the way.",
    }
    assert "Table ImageLabels: free." in found


def test_every_fixed_name_of_the_templates_is_looked_for(target: Emulated) -> None:
    context = Context(target)
    account, region = context.target.account(), context.region

    looked_for = {name for kind in ("BucketName", "TableName") for _, name in context.named(kind)}
    groups = {name for _, name in context.named("LogGroupName")}

    assert looked_for >= {
        f"open-devops-images-{region}-{account}",
        f"open-devops-code-{region}-{account}",
        "ImageLabels",
    }
    assert groups >= {
        "/aws/lambda/OpenDevOpsSubmitImage",
        "/aws/lambda/OpenDevOpsGetImageLabel",
        "/aws/sagemaker/Endpoints/open-devops-image-labeller",
    }


def test_where_nothing_is_deployed_every_stack_is_reported_missing(cloud: Cloud) -> None:
    elsewhere = Emulated(replace(cloud.settings, region="eu-west-1"), cloud.progress)

    found = list(stacks.check(Context(elsewhere)))

    assert len(found) >= 7
    assert all("does not exist yet" in each.text for each in found)


REFUSED = r"is serverless, and this .* requests .* on ml\.m5\.large"


@pytest.fixture
def on_instances(cloud: Cloud) -> Emulated:
    """The embedded cloud, and a wish for instances in place of the serverless endpoint."""
    return Emulated(replace(cloud.settings, parameters="InferenceType=Instance"), cloud.progress)


def test_another_kind_of_endpoint_is_refused_when_it_is_reviewed(on_instances: Emulated) -> None:
    with pytest.raises(CloudError, match=REFUSED):
        review.changes(on_instances, Console(file=io.StringIO()), ["sagemaker_endpoint"])


def test_another_kind_of_endpoint_is_refused_before_anything_happens(
    on_instances: Emulated,
) -> None:
    with pytest.raises(CloudError, match=REFUSED):
        Cloud(on_instances.settings).deploy("sagemaker_endpoint")
