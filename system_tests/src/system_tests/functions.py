"""A function that is invoked directly."""

import json
from typing import TYPE_CHECKING, Any

from system_tests.answers import Answer

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


class FunctionError(Exception):
    """The function raised instead of answering."""


class Function:
    """A Lambda function.

    Args:
        client: The client.
        name: The function's name.
    """

    def __init__(self, client: "LambdaClient", name: str) -> None:
        self._client = client
        self._name = name

    def invoke(self, event: object) -> Answer:
        """Invoke the function and wait for its result.

        An event that is an object says who sends it, so that it is not counted as a user's.

        Args:
            event: The event, ready for JSON.

        Returns:
            Its result; the status is that of the problem, where it is one.

        Raises:
            FunctionError: The function raised or timed out.
        """
        payload = {**event, "caller": "system-tests"} if isinstance(event, dict) else event
        result = self._client.invoke(FunctionName=self._name, Payload=json.dumps(payload))
        body: Any = json.loads(result["Payload"].read())
        if result.get("FunctionError"):
            raise FunctionError(f"{self._name} raised {body}")
        return Answer(body.get("status") if isinstance(body, dict) else None, {}, body)
