"""What a deployment ends with: an exit status, and words for what went wrong."""

import sys
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from deploy.errors import DeployError

WRONG = 2


def of(deployment: Callable[[], int], region: str) -> int:
    """Deploy, and explain what prevented it.

    Args:
        deployment: What deploys, and returns the SAM CLI's exit status.
        region: The region that was asked for, for messages.

    Returns:
        The SAM CLI's exit status, or 2 where a deployment was not begun or not completed.
    """
    try:
        return deployment()
    except DeployError as error:
        return _wrong(str(error))
    except EndpointConnectionError as error:
        return _wrong(
            f"REGION={region} cannot be reached: {error} Is it a region of AWS, and is the "
            "network there?"
        )
    except ClientError as error:
        return _wrong(f"AWS refused this: {error}")
    except BotoCoreError as error:
        return _wrong(f"AWS could not be asked: {error}")


def _wrong(text: str) -> int:
    print(text, file=sys.stderr)  # noqa: T201 - the program's output
    return WRONG
