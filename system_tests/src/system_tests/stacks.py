"""What the deployed stacks say of themselves."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from system_tests.errors import NotReadyError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

# A stack that is being updated still serves; one that was rolled back on creation never has.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
SERVING = frozenset(
    {
        "CREATE_COMPLETE",
        "IMPORT_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
    }
)


@dataclass(frozen=True)
class Stack:
    """A deployed stack.

    Attributes:
        name: Its name.
        outputs: Its outputs' values by key.
        parameters: Its parameters' values by key.
    """

    name: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]

    def output(self, key: str) -> str:
        """Return an output.

        Args:
            key: The output's key.

        Returns:
            Its value.

        Raises:
            NotReadyError: The stack has no such output.
        """
        return self._value(self.outputs, "output", key)

    def parameter(self, key: str) -> str:
        """Return a parameter.

        Args:
            key: The parameter's key.

        Returns:
            Its value.

        Raises:
            NotReadyError: The stack has no such parameter.
        """
        return self._value(self.parameters, "parameter", key)

    def _value(self, values: Mapping[str, str], kind: str, key: str) -> str:
        if key not in values:
            raise NotReadyError(
                f"The stack {self.name} has no {kind} {key}: it is not the component's stack, or "
                "an old one. Deploy the component again."
            )
        return values[key]


def find_stacks(
    cloudformation: "CloudFormationClient",
    names: Iterable[str],
    region: str,
    optional: Collection[str] = (),
) -> dict[str, Stack]:
    """Find the stacks of the system.

    Args:
        cloudformation: The client.
        names: The stacks' names.
        region: The region, for the message.
        optional: Names of stacks without which the system can be tested.

    Returns:
        The stacks by name; of the optional ones those that serve.

    Raises:
        NotReadyError: Some stacks are not there (all are named), or AWS cannot be asked.
    """
    stacks: dict[str, Stack] = {}
    missing: list[str] = []
    for name in (*names, *optional):
        try:
            [found] = cloudformation.describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if "does not exist" not in error.response["Error"]["Message"]:
                raise NotReadyError(f"CloudFormation refuses to answer: {error}") from error
            if name not in optional:
                missing.append(f"{name} does not exist in {region}.")
            continue
        except BotoCoreError as error:
            raise NotReadyError(f"AWS cannot be asked: {error}") from error
        if found["StackStatus"] in SERVING:
            stacks[name] = _stack(found)
        elif name not in optional:
            missing.append(f"{name} is {found['StackStatus']} in {region}.")
    if missing:
        raise NotReadyError(
            " ".join(missing) + " Deploy what is missing (make deploy in its component). If this "
            "is the first deployment and the system is not complete yet, leave the system tests "
            "out: run the pipeline first-deploy, or set SYSTEM_TESTS=off."
        )
    return stacks


def _stack(found: "StackTypeDef") -> Stack:
    return Stack(
        name=found["StackName"],
        outputs={each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])},
        parameters={
            each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", [])
        },
    )
