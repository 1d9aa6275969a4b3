"""The components in the order of their deployment, and the environments they are deployed to."""

from typing import NamedTuple

COMPONENTS = (
    "sagemaker_endpoint",
    "s3_infra",
    "dynamodb_infra",
    "submit_image",
    "get_image_label",
    "invoke_labeller",
    "system_tests",
    "cloudwatch_alarms",
)


class Place(NamedTuple):
    """Where a step of a pipeline deploys to.

    Attributes:
        environment: The kind of environment: test, staging or production.
        region: The AWS region.
    """

    environment: str
    region: str

    @property
    def deployment(self) -> str:
        """The name of the Bitbucket deployment, which is also the name of the pipeline's step."""
        return f"{self.environment.capitalize()} {self.region}"


PLACES = (
    Place("test", "us-west-1"),
    Place("staging", "us-east-2"),
    Place("production", "us-west-2"),
    Place("production", "us-east-1"),
    Place("production", "ca-central-1"),
)
