"""MiniStack that writes down what IAM decides on: who asked for what on which resource.

The arguments are local_aws's patched_ministack.py, which does not know of this, and the file to
which each decision adds a line of JSON. What the account's root does is left out.

The Python of MiniStack's environment runs this file, and has neither local_aws nor the tests:
nothing of them is imported here.
"""

import inspect
import json
import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ministack.core import iam_evaluator  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Callable

# Whoever enforces imports this again for each request, so there is one place to listen at.
original = iam_evaluator.enforce
signature = inspect.signature(original)


def recording(calls: Path) -> "Callable[..., Any]":
    """Return MiniStack's `enforce`, which also writes down its decisions.

    Args:
        calls: The file.
    """

    def enforce(*arguments: Any, **named: Any) -> Any:
        denied = original(*arguments, **named)
        asked = signature.bind(*arguments, **named)
        asked.apply_defaults()
        caller = iam_evaluator.resolve_caller_identity(asked.arguments["access_key_id"])
        if caller and not caller["userArn"].endswith(":root"):
            decision = {
                "principal": caller["userArn"],
                "action": asked.arguments["iam_action"],
                "resource": asked.arguments["resource_arn"],
                "context": asked.arguments["service_context"] or {},
                "allowed": denied is None,
            }
            with calls.open("a", encoding="utf-8") as file:
                file.write(json.dumps(decision) + "\n")
        return denied

    return enforce


if __name__ == "__main__":
    program, calls = sys.argv.pop(1), sys.argv.pop(1)
    # What the program imports is next to it, and not here.
    sys.path[0] = str(Path(program).parent)
    iam_evaluator.enforce = recording(Path(calls))
    runpy.run_path(program, run_name="__main__")
