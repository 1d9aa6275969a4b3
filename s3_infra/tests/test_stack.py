import boto3
import pytest
from mypy_boto3_cloudformation import CloudFormationClient

from tests.support import ACCOUNT, REGION, ROOT

# The emulator leaves bucket policies out and warns of it; test_template.py reads them instead.
pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..S3..BucketPolicy")

IMAGES = f"open-devops-images-{REGION}-{ACCOUNT}"
CODE = f"open-devops-code-{REGION}-{ACCOUNT}"


def deploy(cloudformation: CloudFormationClient, stack: str = "OpenDevOpsS3") -> None:
    # moto knows Retain alone.
    template = (ROOT / "template.yml").read_text().replace("RetainExceptOnCreate", "Retain")
    cloudformation.create_stack(
        StackName=stack,
        TemplateBody=template,
        Parameters=[{"ParameterKey": "RetentionDays", "ParameterValue": "7"}],
    )


def test_a_consumer_finds_everything_by_the_name_of_the_stack(
    cloudformation: CloudFormationClient,
) -> None:
    # When
    deploy(cloudformation)

    # Then
    exports = cloudformation.list_exports()["Exports"]
    assert {export["Name"]: export["Value"] for export in exports} == {
        "OpenDevOpsS3-ImagesBucketName": IMAGES,
        "OpenDevOpsS3-ImagesBucketArn": f"arn:aws:s3:::{IMAGES}",
        "OpenDevOpsS3-CodeBucketName": CODE,
        "OpenDevOpsS3-CodeBucketArn": f"arn:aws:s3:::{CODE}",
    }


def test_the_photographs_outlive_the_stack(cloudformation: CloudFormationClient) -> None:
    # Given
    deploy(cloudformation)
    s3 = boto3.client("s3", REGION)
    s3.put_object(Bucket=IMAGES, Key="a-photograph", Body=b"its bytes")

    # When
    cloudformation.delete_stack(StackName="OpenDevOpsS3")

    # Then
    assert s3.get_object(Bucket=IMAGES, Key="a-photograph")["Body"].read() == b"its bytes"
    assert {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]} == {IMAGES, CODE}


@pytest.mark.parametrize("bucket", [IMAGES, CODE])
def test_what_is_stored_is_encrypted(cloudformation: CloudFormationClient, bucket: str) -> None:
    # Given
    deploy(cloudformation)
    s3 = boto3.client("s3", REGION)

    # When
    s3.put_object(Bucket=bucket, Key="an-object", Body=b"its bytes")

    # Then
    assert s3.head_object(Bucket=bucket, Key="an-object")["ServerSideEncryption"] == "AES256"
