"""The model behind a SageMaker endpoint."""

from contextlib import closing
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from invoke_labeller.errors import TransientError
from invoke_labeller.failure import FailureCode
from invoke_labeller.ports import Label
from invoke_labeller.prediction import top_labels
from invoke_labeller.transient import transient
from lambda_common.aws_errors import BUSY_CODES, code

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

# What a model says of a picture it cannot use, or of a content type that it does not know. It was
# sent a JPEG that the labeller encoded, so the cause is more likely the model than the
# picture: a bad deployment refuses them all.
REFUSALS = frozenset({400, 413, 415, 422, 424})
BUSY_STATUSES = frozenset({429, 503})


class Endpoint:
    """Implements `Model` by InvokeEndpoint.

    Its errors: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
    """

    def __init__(self, client: "SageMakerRuntimeClient", name: str) -> None:
        self._client = client
        self._name = name

    def classify(self, jpeg: bytes) -> tuple[Label, ...]:
        """Return the most probable classes, best first.

        Every failure is transient. A model that refuses a picture may be fixed, and an endpoint
        that is unknown may be about to be deployed; whether the model is right about this one
        picture is not known before it has been asked for long enough.
        """
        with transient("The endpoint did not answer", FailureCode.MODEL_UNAVAILABLE):
            try:
                answer = self._client.invoke_endpoint(
                    EndpointName=self._name,
                    ContentType="application/x-image",
                    Accept="application/json;verbose",
                    Body=jpeg,
                )
            except self._client.exceptions.ModelError as error:
                raise _model_error(error) from error
            except ClientError as error:
                if code(error) in BUSY_CODES:
                    raise TransientError(
                        f"The endpoint is busy: {code(error)}", FailureCode.MODEL_BUSY
                    ) from error
                raise
            # The body's own context manager gives urllib3's stream, and with it urllib3's errors.
            with closing(answer["Body"]) as body:
                return top_labels(body.read())


def _model_error(error: ClientError) -> TransientError:
    status = error.response.get("OriginalStatusCode")
    if status in REFUSALS:
        return TransientError(
            f"The model refused the picture with status {status}",
            FailureCode.MODEL_REFUSED,
            f"The model refused the picture for as long as it waited, with status {status}.",
        )
    busy = status in BUSY_STATUSES
    return TransientError(
        f"The model failed with status {status}",
        FailureCode.MODEL_BUSY if busy else FailureCode.MODEL_FAILED,
    )
