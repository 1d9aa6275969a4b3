"""MiniStack whose generated names differ between regions, as AWS's do.

MiniStack 1.5.33 makes the end of a generated name from the stack's name and the logical id alone.
IAM is one for all regions, so the roles of a stack that is deployed to five regions would be one
role, with the policies of whichever region came last. This runs MiniStack's own program with the
region mixed in.

The Python of MiniStack's environment runs this file, and does not have this package: nothing of it
is imported here.
"""

import runpy
from typing import Any

from ministack.core.responses import get_region  # type: ignore[import-not-found]
from ministack.services.cloudformation import provisioners  # type: ignore[import-not-found]

# There is no public name for what makes names.
original = provisioners._physical_name  # noqa: SLF001


def physical_name(stack_name: str, logical_id: str, **options: Any) -> str:
    """Name a resource as MiniStack does, with the region in its suffix."""
    seed = provisioners._NAME_SEED  # noqa: SLF001
    token = seed.set(f"{get_region()}:{seed.get()}")
    try:
        return str(original(stack_name, logical_id, **options))
    finally:
        seed.reset(token)


provisioners._physical_name = physical_name  # noqa: SLF001

if __name__ == "__main__":
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)
