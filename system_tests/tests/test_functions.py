import io
from typing import TYPE_CHECKING, Any, cast

import pytest

from system_tests.functions import Function, FunctionError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


class FailingLambda:
    """A client whose function ends with an error."""

    def invoke(self, **_: object) -> dict[str, Any]:
        body = io.BytesIO(b'{"errorMessage": "Task timed out"}')
        return {"Payload": body, "FunctionError": "Unhandled"}


def test_tells_a_fault_from_an_answer() -> None:
    with pytest.raises(FunctionError, match="Task timed out"):
        Function(cast("LambdaClient", FailingLambda()), "label").invoke({})
