"""MiniStack that writes down what IAM decides on: who asked for what on which resource.

The first argument is the file, to which each decision adds a line of JSON. What the account's root
does is left out. Otherwise this is regional_ministack.py, which does not know of it.

The Python of MiniStack's environment runs this file, and does not have this package: nothing of it
is imported here.
"""

import json
import runpy
import sys
from pathlib import Path
from typing import Any

from ministack.core import iam_evaluator  # type: ignore[import-not-found]

# Whoever enforces imports this anew for each request, so there is one place to listen at.
original = iam_evaluator.enforce


def recording(calls: Path) -> Any:
    """Return MiniStack's `enforce`, which also writes down its decisions.

    Args:
        calls: The file.
    """

    def enforce(access_key_id: str, iam_action: str, service: str, *rest: Any, **named: Any) -> Any:
        denied = original(access_key_id, iam_action, service, *rest, **named)
        caller = iam_evaluator.resolve_caller_identity(access_key_id)
        if caller and not caller["userArn"].endswith(":root"):
            decision = {
                "principal": caller["userArn"],
                "action": iam_action,
                "resource": named["resource_arn"],
                "context": named.get("service_context") or {},
                "allowed": denied is None,
            }
            with calls.open("a", encoding="utf-8") as file:
                file.write(json.dumps(decision) + "\n")
        return denied

    return enforce


if __name__ == "__main__":
    iam_evaluator.enforce = recording(Path(sys.argv.pop(1)))
    beside = Path(__file__).with_name("regional_ministack.py")
    runpy.run_path(str(beside), run_name="__main__")
