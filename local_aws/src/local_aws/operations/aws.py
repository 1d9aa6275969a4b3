"""AWS, or whatever the environment's own AWS configuration leads to, as a place."""

import contextlib
import os
import sys
from typing import TYPE_CHECKING

import boto3

from local_aws import failures, make, schedule
from local_aws.commands import CommandError, Runner
from local_aws.errors import DeploymentError
from local_aws.operations.making import deploy
from local_aws.operations.place import Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from local_aws.components import Component

# What the house's make was called with means something else to a component's.
WITHHELD = ("MAKE", "MFLAGS", "PACKAGE_")


class Aws(Place):
    """The account and the endpoints that the AWS SDKs find in this process's environment."""

    poll: float = 5
    is_disposable = False

    def session(self) -> boto3.Session:
        """Return a session as every AWS SDK makes it."""
        return boto3.Session(region_name=self.settings.region)

    def url(self, component: "Component | None" = None) -> None:
        """Leave the endpoint to the SDK, which reads AWS_ENDPOINT_URL."""

    def is_whole(self, component: "Component") -> bool:  # noqa: ARG002 # the interface's
        """Return True."""
        return True

    def variables(self, component: "Component") -> dict[str, str]:  # noqa: ARG002 # the interface's
        """Return this process's variables, AWS's among them."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in make.WITHHELD and not name.startswith(WITHHELD)
        }
        return kept | {"UV": self.settings.uv, "PYTHON": sys.executable}

    def target(self) -> list[str]:
        """Return nothing: packages are built for Lambda."""
        return []

    def reserved(self) -> "AbstractContextManager[None]":
        """Leave it to CloudFormation, which does one thing at a time to a stack."""
        return contextlib.nullcontext()

    def deploy(self, names: "Sequence[str]") -> None:
        """Deploy components by their own make, in the order they need."""
        runner = Runner(patience=3600)

        def work(name: str) -> None:
            component = self.components[name]
            try:
                with self.progress.task(f"deploying {name}", f"{name} deployed"):
                    deploy(runner, self, component)
            except CommandError as error:
                client = self.cloudformation(component)
                events = client.describe_stack_events(StackName=component.stack)["StackEvents"]
                causes = failures.failed_resources(events) or [str(error)]
                raise DeploymentError(
                    "\n".join([f"{name} could not be deployed:", *causes])
                ) from error

        within = {name: self.graph[name].keys() & set(names) for name in names}
        schedule.run(within, work, runner.cancel)

    def forget(self, component: "Component") -> None:
        """Do nothing: nothing is remembered."""
