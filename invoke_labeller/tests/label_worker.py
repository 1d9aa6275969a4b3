"""Labels files in a process of its own, in the function's memory; prints a JSON line for each."""

import json
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path

from invoke_labeller.labeller import Labeller
from tests.fakes import FakeModel, FakePictures, FakeTable
from tests.support import FakeClock


def peak() -> int:
    """The most memory that was resident since the last file, in bytes."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def main(directory: Path, megabytes: int) -> None:
    limit = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for path in sorted(directory.iterdir()):
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")
        table, model = FakeTable(path.name), FakeModel()
        pictures = FakePictures({path.name: path.read_bytes()})
        started = time.monotonic()
        result = Labeller(table, pictures, model, FakeClock()).label(path.name)
        line = {
            "name": path.name,
            "outcome": result.outcome,
            "reason": table.rows[path.name].reason,
            "sent": [len(jpeg) for jpeg in model.calls],
            "seconds": time.monotonic() - started,
            "peak": peak(),
        }
        print(json.dumps(line), flush=True)  # noqa: T201 - read by the test


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
