"""What this component alone checks before its stack is deployed."""

from collections.abc import Mapping

from deploy.errors import DeployError


def check(stack: str, region: str, values: Mapping[str, str]) -> None:  # noqa: ARG001 # deploy's interface
    """Refuse a domain name without a certificate, and a certificate without a name.

    CloudFormation would make a distribution without either, under another name than was asked for.

    Args:
        stack: The stack's name.
        region: The region.
        values: The parameters that the stack is deployed with.

    Raises:
        DeployError: If one of them is missing; nothing has happened then.
    """
    for given, missing in (
        ("DomainName", "CertificateArn"),
        ("CertificateArn", "DomainName"),
    ):
        if values[given] and not values[missing]:
            raise DeployError(
                f"{given} is given and {missing} is not, and the page needs both for a name of its "
                "own: nothing was done."
            )
