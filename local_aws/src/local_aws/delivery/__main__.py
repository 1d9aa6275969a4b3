"""Deliver the split repositories to a cloud that runs already: `python -m local_aws.delivery`."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from local_aws.delivery.deliver import FIRST, SECOND, Delivery, explain
from local_aws.delivery.matrix import differing, table

# Make hands its flags and its command line's variables on; a pipeline starts without them.
_MAKES_OWN = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "COMPONENT")


def pipeline_environment(inherited: Mapping[str, str], cloud: Mapping[str, str]) -> dict[str, str]:
    """The environment of a pipeline's steps on this machine.

    Args:
        inherited: This process's environment.
        cloud: The credentials, the endpoints and what else the embedded cloud needs.

    Returns:
        The environment, without Make's and without any other account's credentials.
    """
    kept = {
        name: value
        for name, value in inherited.items()
        if name not in _MAKES_OWN and not name.startswith(("AWS_", "BITBUCKET_"))
    }
    return kept | {"SAM_CLI_POLL_DELAY": "0.3"} | dict(cloud)


def main(arguments: Sequence[str] | None = None) -> int:
    """Deliver twice, show the matrix, and say what failed.

    Args:
        arguments: The command line without the program's name.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m local_aws.delivery", description=__doc__)
    parser.add_argument("--repositories", type=Path, default=Path("build/repos"))
    parser.add_argument("--endpoint", required=True, help="the cloud's URL")
    parser.add_argument("--sagemaker-endpoint", required=True, help="SageMaker's control plane")
    parser.add_argument("--runtime-endpoint", required=True, help="the model's server")
    given = parser.parse_args(arguments)

    def environment_of(component: str) -> dict[str, str]:
        control = component == "sagemaker_endpoint"
        return pipeline_environment(
            os.environ,
            {
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_ENDPOINT_URL": given.sagemaker_endpoint if control else given.endpoint,
                "AWS_ENDPOINT_URL_SAGEMAKER": given.sagemaker_endpoint,
                "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": given.runtime_endpoint,
            },
        )

    console = Console()
    return show(Delivery(given.repositories, environment_of, console.print), console)


def show(delivery: Delivery, console: Console) -> int:
    """Deliver twice and show what came of it.

    Args:
        delivery: What to deliver.
        console: Where to show it.

    Returns:
        0 when everything passed, otherwise 1.
    """
    failed = delivery.deliver(FIRST) or delivery.deliver(SECOND)
    matrix = delivery.matrix()
    console.print(table(matrix, "What serves"))
    if failed:
        console.print(explain(failed), markup=False)
        return 1
    if different := differing(matrix):
        console.print(f"Not the same package everywhere: {', '.join(different)}.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
