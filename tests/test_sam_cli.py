"""The pinned SAM CLI reports a failed deployment in the form that local_aws looks for."""

import subprocess

from local_aws.cloud import Cloud
from local_aws.deploying import shared
from local_aws.tools import failures

# click prints an exception so; the SAM CLI's own exceptions word it.
PROGRAM = """
from samcli.commands.deploy import exceptions
for error in (exceptions.ChangeSetError, exceptions.DeployFailedError):
    error(stack_name="Echo", msg="Unrecognized resource types").show()
"""
CAUSES = [
    "Error: Failed to create changeset for the stack: Echo, Unrecognized resource types",
    "Error: Failed to create/update the stack: Echo, Unrecognized resource types",
]


def test_the_cause_is_found_in_what_it_prints(cloud: Cloud) -> None:
    # The cloud's tools have compiled it already.
    python = shared.sam(cloud.settings).with_name("python")
    printed = subprocess.run(
        [python, "-c", PROGRAM], capture_output=True, text=True, check=True
    ).stderr.splitlines()

    causes = [
        failures.last_error(f"Deploying\n{line}\nmake: *** [Makefile:96: deploy] Error 1\n")
        for line in printed
    ]

    assert causes == CAUSES
