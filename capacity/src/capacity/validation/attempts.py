"""How often the AWS SDK has tried a call."""

import threading
from typing import Any


class Attempts:
    """Counts the attempts of the latest update of a row, for each thread.

    Args:
        client: The DynamoDB client that makes them.
    """

    def __init__(self, client: Any) -> None:
        self._local = threading.local()
        client.meta.events.register("before-send.dynamodb.UpdateItem", self._count)

    def begin(self) -> None:
        """Begin to count those of another update."""
        self._local.number = 0

    def _count(self, **_: object) -> None:
        self._local.number = self.number + 1

    @property
    def number(self) -> int:
        """How many there were in this thread since it began to count."""
        return getattr(self._local, "number", 0)
