"""A delivery by the model of the event source mapping hides no failure of the test's own."""

from typing import TYPE_CHECKING, cast

import pytest
from event_source_mapping import EventSourceMapping

from tests.faults.delivery import Delivery

if TYPE_CHECKING:
    from tests.faults.functions import Function

RECORD = {"dynamodb": {"SequenceNumber": "1", "Keys": {"Id": {"S": "a"}}}}


class Unreachable:
    """A function whose answer does not come in time."""

    def invoke(self, _: object) -> object:
        raise TimeoutError("no answer")


def test_an_invocation_without_an_answer_is_no_failure_of_the_function() -> None:
    mapping = EventSourceMapping(maximum_retry_attempts=0)

    with pytest.raises(ExceptionGroup, match="could not be invoked"):
        Delivery(mapping).deliver([RECORD], cast("Function", Unreachable()))
