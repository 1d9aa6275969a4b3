"""A component's own `make deploy`, run for a place."""

import shutil
from typing import TYPE_CHECKING

from local_aws import parameters

if TYPE_CHECKING:
    from local_aws.commands import Runner
    from local_aws.components import Component
    from local_aws.operations.place import Place

# PARAMETERS are words of the command line of `sam deploy`, so that an option may follow them.
# With this one it makes the change set that it would otherwise execute.
UNEXECUTED = "--no-execute-changeset"


def deploy(runner: "Runner", place: "Place", component: "Component", *options: str) -> None:
    """Run a component's `make deploy`.

    Args:
        runner: Runs it.
        place: Where to.
        component: The component.
        *options: Further words of the SAM CLI's command line.

    Raises:
        CommandError: If it fails; the message is the line of its output that says why.
    """
    target = place.target()
    if target and component.artifacts:
        # Make cannot see that a package is there but for another machine.
        shutil.rmtree(component.path / "build", ignore_errors=True)
    values = parameters.as_argument(parameters.fitting(component, place.values))
    command = [
        *("make", "--no-print-directory", "deploy", f"ENVIRONMENT={place.settings.environment}"),
        *(f"REGION={place.settings.region}", f"PARAMETERS={' '.join([values, *options]).strip()}"),
        *(*target, "PYTHONDONTWRITEBYTECODE="),
    ]
    if options or not place.is_whole(component):
        # What is merely looked at is not protected, and not all emulators can.
        command.append("PROTECT=:")
    kind = "changes" if options else "deploy"
    log = place.settings.logs / f"{kind}-{component.name}.log"
    runner.run(command, component.path, place.variables(component), log)
