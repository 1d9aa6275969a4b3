"""The model behind a SageMaker endpoint."""

from contextlib import closing
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from invoke_labeller.aws_errors import transient
from invoke_labeller.errors import LabellingError, PermanentError, TransientError
from invoke_labeller.ports import Label
from invoke_labeller.prediction import top_labels

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

# What a model says of a picture it cannot use. Any other status, 4xx included (wrong content type,
# busy, not found), tells of the model or of how it is called.
REFUSALS = frozenset({400, 413, 422})


class Endpoint:
    """Implements `Model` by InvokeEndpoint.

    Its errors: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
    """

    def __init__(self, client: "SageMakerRuntimeClient", name: str) -> None:
        self._client = client
        self._name = name

    def classify(self, jpeg: bytes) -> tuple[Label, ...]:
        """Return the most probable classes, best first.

        Only a ModelError whose status refuses the picture is permanent. Everything else is
        transient, an unknown endpoint too: it may be about to be deployed.
        """
        with transient("The endpoint did not answer"):
            try:
                answer = self._client.invoke_endpoint(
                    EndpointName=self._name,
                    ContentType="application/x-image",
                    Accept="application/json;verbose",
                    Body=jpeg,
                )
            except self._client.exceptions.ModelError as error:
                raise _model_error(error) from error
            # The body's own context manager gives urllib3's stream, and with it urllib3's errors.
            with closing(answer["Body"]) as body:
                return top_labels(body.read())


def _model_error(error: ClientError) -> LabellingError:
    status = error.response.get("OriginalStatusCode")
    if status in REFUSALS:
        return PermanentError("The model refused the picture.")
    return TransientError(f"The model failed with status {status}")
