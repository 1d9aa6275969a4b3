import io
import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from system_tests.functions import Function, FunctionError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


class FakeLambda:
    """Returns one result, and remembers the event."""

    def __init__(self, result: object, error: str | None = None) -> None:
        self._result = result
        self._error = error
        self.event: object = None

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 # boto3's names
        assert FunctionName == "label"
        self.event = json.loads(Payload)
        result: dict[str, Any] = {"Payload": io.BytesIO(json.dumps(self._result).encode())}
        return {**result, "FunctionError": self._error} if self._error else result


def function(fake: FakeLambda) -> Function:
    return Function(cast("LambdaClient", fake), "label")


def test_returns_the_result() -> None:
    fake = FakeLambda({"ImageId": "1"})
    answer = function(fake).invoke({"url": "x"})
    assert (answer.status, answer.body) == (None, {"ImageId": "1"})
    assert fake.event == {"url": "x"}


def test_a_problem_has_a_status() -> None:
    assert function(FakeLambda({"type": "…", "status": 404})).invoke([]).status == 404


def test_takes_a_result_that_is_no_object() -> None:
    assert function(FakeLambda(None)).invoke({}).body is None


def test_tells_a_fault_from_an_answer() -> None:
    with pytest.raises(FunctionError, match="Task timed out"):
        function(FakeLambda({"errorMessage": "Task timed out"}, "Unhandled")).invoke({})
