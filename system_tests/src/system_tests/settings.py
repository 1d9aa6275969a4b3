"""What the environment says about the system under test."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from system_tests.errors import NotReadyError


@dataclass(frozen=True)
class StackNames:
    """The names of the stacks under test."""

    s3: str
    dynamodb: str
    submit_image: str
    get_image_label: str
    invoke_labeller: str
    website: str


@dataclass(frozen=True)
class Settings:
    """Where the system is, and how long it may take.

    Attributes:
        region: The AWS region.
        endpoint: The embedded cloud's URL, or None for AWS.
        stacks: The names of the stacks.
        label_seconds: How long a picture may wait for its label.
        request_seconds: How long a request may take.
        scan_limit: The largest number of rows that the suite reads to see that nothing was stored.
    """

    region: str
    endpoint: str | None
    stacks: StackNames
    label_seconds: float
    request_seconds: float
    scan_limit: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        Args:
            environment: The environment variables.

        Returns:
            The settings; what is not set has the default of the README.

        Raises:
            NotReadyError: No region is named, or a number is none.
        """
        region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
        if not region:
            raise NotReadyError("No region is named: set AWS_REGION, or make system-test REGION=….")
        return cls(
            region=region,
            endpoint=(environment.get("AWS_ENDPOINT_URL") or "").rstrip("/") or None,
            stacks=StackNames(
                s3=environment.get("S3_STACK") or "OpenDevOpsS3",
                dynamodb=environment.get("DYNAMODB_STACK") or "OpenDevOpsDynamoDB",
                submit_image=environment.get("SUBMIT_IMAGE_STACK") or "OpenDevOpsSubmitImage",
                get_image_label=environment.get("GET_IMAGE_LABEL_STACK")
                or "OpenDevOpsGetImageLabel",
                invoke_labeller=environment.get("INVOKE_LABELLER_STACK")
                or "OpenDevOpsInvokeLabeller",
                website=environment.get("WEBSITE_STACK") or "OpenDevOpsWebsite",
            ),
            label_seconds=_number(environment, "LABEL_SECONDS", 120),
            request_seconds=_number(environment, "REQUEST_SECONDS", 35),
            scan_limit=int(_number(environment, "SCAN_LIMIT", 10_000)),
        )


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name) or str(default)
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < float("inf"):
        raise NotReadyError(f"{name} is '{text}': set it to a number that is not negative.")
    return number
