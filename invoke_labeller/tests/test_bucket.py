import boto3
import pytest
from mypy_boto3_s3 import S3Client

from invoke_labeller import clients
from invoke_labeller.bucket import MAX_BYTES, Bucket
from invoke_labeller.errors import PermanentError, TransientError
from tests.conftest import BUCKET
from tests.endpoint_server import Answer, EndpointServer
from tests.support import REGION


def test_a_picture_is_read_by_its_id(s3: S3Client) -> None:
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"picture", ChecksumAlgorithm="SHA256")

    assert Bucket(s3, BUCKET).read("a") == b"picture"


def test_a_picture_that_is_missing_was_deleted_or_has_expired(s3: S3Client) -> None:
    with pytest.raises(PermanentError, match=r"^The picture is no longer stored\.$"):
        Bucket(s3, BUCKET).read("a")


def test_a_bucket_that_is_missing_is_not_the_pictures_fault(s3: S3Client) -> None:
    with pytest.raises(TransientError, match="NoSuchBucket"):
        Bucket(s3, "open-devops-images-elsewhere").read("a")


def http_bucket(url: str) -> Bucket:
    """A bucket behind a server that answers GET as the runtime's fake answers POST."""
    return Bucket(boto3.client("s3", REGION, endpoint_url=url, config=clients.STORE), BUCKET)


def test_a_file_that_no_submission_could_have_stored_is_not_read(
    endpoint: EndpointServer,
) -> None:
    # of which nothing comes but its size, so that reading it would be another failure
    endpoint.answers[:] = [Answer(b"", more=MAX_BYTES + 1)]

    with pytest.raises(PermanentError, match=r"larger than 64 MiB"):
        http_bucket(endpoint.url).read("a")


def test_a_file_as_large_as_a_submission_may_be_is_not_refused(endpoint: EndpointServer) -> None:
    endpoint.answers[:] = [Answer(b"", more=MAX_BYTES)]

    with pytest.raises(TransientError, match="The picture cannot be read"):
        http_bucket(endpoint.url).read("a")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<Error><Code>AccessDenied</Code></Error>", 403),
        Answer(b"<Error><Code>SlowDown</Code></Error>", 503),
        Answer(b"<Error><Code>InternalError</Code></Error>", 500),
        Answer(b"half a picture", cut=5),
        Answer(reset=True),
    ],
)
def test_a_bucket_that_does_not_answer_well_is_transient(
    endpoint: EndpointServer, answer: Answer
) -> None:
    endpoint.answers[:] = [answer]

    with pytest.raises(TransientError, match="The picture cannot be read"):
        http_bucket(endpoint.url).read("a")
