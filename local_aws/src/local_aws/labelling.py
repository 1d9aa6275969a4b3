"""Labels pictures through the API, as a user would."""

import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local_aws import api
from local_aws.clients import TIMEOUTS
from local_aws.errors import CloudError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_aws.cloud import Cloud

WAITING = "NOT_CLASSIFIED"
CLASSIFIED = "CLASSIFIED"
# Longer than the sweep needs, which sends what was missed through again.
PATIENCE = 180
INTERVAL = 0.1
URL_LIFETIME = 900


@dataclass(frozen=True)
class Labelled:
    """A picture with its labels.

    Attributes:
        image: Its id.
        labels: Names and confidences from 0 to 1, best first.
        model: Name and version of the model.
        seconds: From the submission until the labels were there.
    """

    image: str
    labels: tuple[tuple[str, float], ...]
    model: str
    seconds: float


class Labeller:
    """Submits pictures and waits for their labels.

    Args:
        submit: The route that takes pictures.
        lookup: The route that gives labels.
        clock: Seconds that only grow.
        sleep: Waits for some seconds.
    """

    def __init__(
        self,
        submit: api.Route,
        lookup: api.Route,
        clock: "Callable[[], float]" = time.monotonic,
        sleep: "Callable[[float], object]" = time.sleep,
    ) -> None:
        self._submit, self._lookup = submit, lookup
        self._clock, self._sleep = clock, sleep

    @classmethod
    def of(cls, cloud: "Cloud") -> "Labeller":
        """Find the routes in the deployed stacks' outputs."""
        outputs, region = cloud.outputs(), cloud.settings.region
        return cls(
            api.find("SubmitImageAPI", outputs, cloud.url, region),
            api.find("GetImageLabelAPI", outputs, cloud.url, region),
        )

    def label(self, url: str) -> Labelled:
        """Label the picture at a URL.

        Raises:
            CloudError: If it is refused, fails, or gets no label in time.
        """
        started = self._clock()
        image = str(self._submit.get(url=url).get("ImageId", ""))
        while (found := self._lookup.get(imageId=image)).get("Status") == WAITING:
            if self._clock() - started > PATIENCE:
                raise CloudError(f"Image {image} has no label after {PATIENCE} s: make logs")
            self._sleep(INTERVAL)
        if found.get("Status") != CLASSIFIED:
            raise CloudError(f"Image {image} could not be labelled: {found.get('FailureReason')}")
        return _labelled(image, found, self._clock() - started)


def lend(cloud: "Cloud", file: Path) -> str:
    """Upload a file to the bucket for code and return a URL by which the application can fetch it.

    Args:
        cloud: The cloud.
        file: A picture.

    Raises:
        UsageError: If there is no such file.
        CloudError: If there is no such bucket.
    """
    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    buckets = [o["CodeBucketName"] for o in cloud.outputs().values() if "CodeBucketName" in o]
    if not buckets:
        raise CloudError("No deployed stack has an output CodeBucketName: make deploy")
    s3 = cloud.session().client("s3", endpoint_url=cloud.url, config=TIMEOUTS)
    # The bucket's lifecycle removes what is under this prefix.
    bucket, key = buckets[0], f"uploads/{uuid.uuid4()}/{file.name}"
    s3.put_object(Bucket=bucket, Key=key, Body=file.read_bytes())
    where = {"Bucket": bucket, "Key": key}
    return s3.generate_presigned_url("get_object", Params=where, ExpiresIn=URL_LIFETIME)


def _labelled(image: str, found: dict[str, Any], seconds: float) -> Labelled:
    model = found.get("Model") or {}
    return Labelled(
        image,
        tuple((str(label["Name"]), float(label["Confidence"])) for label in found["Labels"]),
        f"{model.get('Name', 'unknown')} {model.get('Version', '')}".strip(),
        seconds,
    )
