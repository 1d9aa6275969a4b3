"""Labels files as the function does, in a process of its own; prints a JSON line for each."""

import json
import sys
from contextlib import suppress
from pathlib import Path

from invoke_labeller.decoder import Decoder
from invoke_labeller.labeller import Labeller
from tests.fakes import FakeModel, FakePictures, FakeTable
from tests.support import FakeClock


def seconds(processes: list[int]) -> float:
    """The processor time of processes."""
    texts = [Path(f"/proc/{number}/schedstat").read_text() for number in processes]
    return sum(int(text.split()[0]) for text in texts) / 1e9


def peak(processes: list[int]) -> int:
    """The most memory that one of some processes had since `forget`, in bytes."""
    texts = [Path(f"/proc/{number}/status").read_text() for number in processes]
    return max(int(text.split("VmHWM:")[1].split()[0]) for text in texts) * 1024


def forget(processes: list[int]) -> None:
    """Have the peaks begin again."""
    for number in processes:
        with suppress(OSError):
            Path(f"/proc/{number}/clear_refs").write_text("5")


def main(directory: Path) -> None:
    decoder = Decoder()
    for path in sorted(directory.iterdir()):
        table, model = FakeTable(path.name), FakeModel()
        pictures = FakePictures({path.name: path.read_bytes()})
        before = [process.pid for process in decoder._idle]  # noqa: SLF001 - to measure them
        forget(before)
        started = seconds(before)
        result = Labeller(table, pictures, decoder, model, FakeClock()).label(path.name)
        after = [process.pid for process in decoder._idle]  # noqa: SLF001
        line = {
            "name": path.name,
            "outcome": result.outcome,
            "reason": table.rows[path.name].reason,
            "sent": [len(jpeg) for jpeg in model.calls],
            # Of a process that was ended nothing can be read any more: its limits hold.
            "seconds": seconds(after) - started if before == after else 0,
            "peak": peak(after),
        }
        print(json.dumps(line), flush=True)  # noqa: T201 - read by the test
    decoder.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
