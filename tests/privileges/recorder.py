"""What IAM decided on while something was done."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_aws.cloud import Cloud


@dataclass(frozen=True)
class Call:
    """A decision of the emulator's IAM.

    Attributes:
        role: Name of the caller's role.
        session: Who holds the role's credentials: a function, by its name, or one of the tests.
        action: What was asked for.
        resource: On what.
        context: The condition keys that the request has.
        allowed: What was decided.
    """

    role: str
    session: str
    action: str
    resource: str
    context: dict[str, Any]
    allowed: bool


class Recorder:
    """Reads what a cloud writes down whose MiniStack is recording_ministack.py."""

    def __init__(self, cloud: Cloud) -> None:
        self._file = Path(cloud.settings.program[-1])
        self._file.touch()

    @contextmanager
    def recording(self) -> Iterator[list[Call]]:
        """Collect the calls of a block; the list is filled when the block has ended."""
        start, calls = self._file.stat().st_size, list[Call]()
        try:
            yield calls
        finally:
            with self._file.open(encoding="utf-8") as file:
                file.seek(start)
                calls += map(_call, file)


def _call(line: str) -> Call:
    decision = json.loads(line)
    # arn:aws:sts::<account>:assumed-role/<role>/<session>
    _, role, session = decision.pop("principal").split("/")
    return Call(role=role, session=session, **decision)
