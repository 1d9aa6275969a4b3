"""What a component alone checks before its stack is deployed: its `predeploy.py`, if it has one."""

import importlib.util
from collections.abc import Mapping
from pathlib import Path

FILE = Path("predeploy.py")


def check(stack: str, region: str, values: Mapping[str, str]) -> None:
    """Let the component refuse what AWS would refuse half-way.

    Args:
        stack: The stack's name.
        region: The region.
        values: The parameters that the stack is deployed with.

    Raises:
        DeployError: If the component refuses it; nothing has happened then.
    """
    if not FILE.exists():
        return
    spec = importlib.util.spec_from_file_location(FILE.stem, FILE.absolute())
    assert spec and spec.loader  # noqa: PT018, S101 # nosec B101 # it is a file of Python
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.check(stack, region, values)
