"""The command: `make capacity RATE=100`."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from local_aws.errors import CloudError, UsageError
from local_aws.project import components, parameters
from local_aws.settings import ROOT
from local_aws.tools import given

from capacity import plot, report
from capacity.answer import answer
from capacity.application import Application
from capacity.constants import Constants
from capacity.load import Request
from capacity.model import Model


def main(
    environ: Mapping[str, str],
    root: Path = ROOT,
    out: TextIO = sys.stdout,
    errors: TextIO = sys.stderr,
) -> int:
    """Compute and print.

    Args:
        environ: Environment variables; those with the prefix IMAGELABELLER_ are the user's.
        root: The repository root.
        out: Where to print the answer.
        errors: Where to print what is wrong.

    Returns:
        The exit code: 0, 1 where a file of the project is wrong, 2 where the request is.
    """
    try:
        out.write(run(given.variables(environ), root) + "\n")
    except CloudError as error:
        errors.write(f"{error}\n")
        return error.exit_code
    return 0


def run(chosen: Mapping[str, str], root: Path) -> str:
    """Return what is printed.

    Raises:
        UsageError: If the request is wrong.
        CloudError: If a template or a parameter file is.
    """
    size = chosen.get("SIZE", "")
    if (
        size
        and "RATE" not in chosen
        and size in parameters.sizes(components.discover(root).values())
    ):
        number, _, unit = size.partition("-a-")
        chosen = {**chosen, "RATE": f"{number}/{unit}"}
    request = Request.read(chosen)
    constants = Constants.read().assuming(request.assume)
    application = Application.read(root, request.environment, request.size, request.parameters)
    model = Model(application, constants, request.account)
    found = answer(model, request.load)
    if request.plot:
        try:
            plot.draw(found, request.plot)
        except OSError as error:
            raise UsageError(f"PLOT={request.plot} cannot be written: {error.strerror}.") from error
    return (
        report.document(found) if request.json else report.text(found, constants, _heading(request))
    )


def _heading(request: Request) -> str:
    files = [f"parameters/{request.environment}.yml"]
    files += [f"parameters/sizes/{request.size}.yml"] if request.size else []
    files += [f"PARAMETERS {request.parameters}"] if request.parameters else []
    accounts = {
        "new": "a new account",
        "default": "an account with AWS's default quotas",
        "raised": "an account whose quotas are raised as needed",
    }
    return f"with {' and '.join(files)}, in {accounts[request.account]}"
