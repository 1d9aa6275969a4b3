"""The machine on which was measured, and the versions of what was."""

import json
import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

from benchmark.bare import processors

GIGABYTE = 2**30
LIBRARIES = ("boto3",)
SERVER_LIBRARIES = ("onnxruntime", "uvicorn", "pillow", "numpy")
VERSIONS = """
import json, sys
from importlib import metadata
print(json.dumps({name: metadata.version(name) for name in sys.argv[1:]}))
"""
MODEL_NAME = re.compile(r"^model name\s*:\s*(.+)$", re.MULTILINE)


def describe() -> dict[str, Any]:
    """Describe the machine and how busy it is before anything is measured."""
    return {
        "taken": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "processors": processors(),
        "processor": _processor(),
        "memory_gb": round(psutil.virtual_memory().total / GIGABYTE, 1),
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "load_before": [round(each, 2) for each in os.getloadavg()],
        "versions": {"Python": platform.python_version()}
        | {name: metadata.version(name) for name in LIBRARIES},
    }


def versions(python: str) -> dict[str, str]:
    """Return the versions of what an inference server runs on.

    Args:
        python: The Python that runs it.
    """
    done = subprocess.run(
        [python, "-c", VERSIONS, *SERVER_LIBRARIES], capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    found = MODEL_NAME.search(information.read_text()) if information.exists() else None
    return found[1] if found else platform.processor() or "unknown"
