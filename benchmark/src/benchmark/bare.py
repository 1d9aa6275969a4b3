"""Processes that classify without a server: one for each processor, in the server's environment."""

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from benchmark.errors import BenchmarkError

PROGRAM = Path(__file__).parent / "programs/bare.py"


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class BareProcesses:
    """Processes that wait for what to classify, and take no processor time while they wait.

    Args:
        python: The inference server's Python.
        model: The model package that it serves.
        pictures: What they classify.
        processes: How many; None for one for each processor.
    """

    def __init__(
        self, python: str, model: Path, pictures: list[bytes], processes: int | None = None
    ) -> None:
        self._directory = TemporaryDirectory()
        self._processes: list[subprocess.Popen[str]] = []
        names = []
        for number, picture in enumerate(pictures):
            path = Path(self._directory.name, f"{number}.jpg")
            path.write_bytes(picture)
            names.append(str(path))
        for _ in range(processes or processors()):
            self._processes.append(
                subprocess.Popen(
                    [python, str(PROGRAM), str(model)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
        self._ask(self._processes, {"pictures": names})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.kill()
            process.communicate()
        self._directory.cleanup()

    def during(self, seconds: float) -> tuple[float, float]:
        """Classify on every processor for some seconds.

        Returns:
            Pictures a second, and the processor time of one in seconds.
        """
        answers = self._ask(self._processes, {"seconds": seconds})
        rate = sum(each["count"] / each["seconds"] for each in answers)
        count = sum(each["count"] for each in answers)
        return rate, sum(each["processor"] for each in answers) / count

    def one_by_one(self, count: int) -> list[float]:
        """Classify some pictures, one after the other in one process, and return their times."""
        (answer,) = self._ask(self._processes[:1], {"count": count})
        times: list[float] = answer["times"]
        return times

    def decoding(self, count: int) -> float:
        """Decode some pictures in one process, and return the processor time of one in seconds.

        They are decoded at the fraction of their size that is enough for the labeller.
        """
        (answer,) = self._ask(self._processes[:1], {"decode": count})
        seconds: float = answer["processor"]
        return seconds / count

    @staticmethod
    def _ask(processes: list["subprocess.Popen[str]"], request: Any) -> list[dict[str, Any]]:
        for process in processes:
            assert process.stdin  # noqa: S101 # nosec B101 # for mypy: it is a pipe
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        answers = []
        for process in processes:
            assert process.stdout  # noqa: S101 # nosec B101 # as above
            line = process.stdout.readline()
            if not line:
                raise BenchmarkError("The loop without a server ended: see its message above.")
            answers.append(json.loads(line))
        return answers
