"""AWS, or whatever the environment's own AWS configuration leads to."""

from typing import TYPE_CHECKING

import boto3

from local_aws.deploying import make
from local_aws.deploying.target import Target
from local_aws.tools import environ

if TYPE_CHECKING:
    from local_aws.project.components import Component


class Aws(Target):
    """The account and the endpoints that the AWS SDKs find in this process's environment."""

    def session(self) -> boto3.Session:
        """Return a session as every AWS SDK makes it."""
        return boto3.Session(region_name=self.settings.region)

    def url(self, component: "Component | None" = None) -> None:
        """Leave the endpoint to the SDK, which reads AWS_ENDPOINT_URL."""

    def variables(self, component: "Component | None") -> dict[str, str]:  # noqa: ARG002 # the interface's
        """Return this process's variables, AWS's among them."""
        return environ.of_tool(on_aws=True) | make.variables(self.settings)
