"""Shows what is being done: spinners on a terminal, a line for each finished task everywhere."""

import contextlib
import time
from typing import TYPE_CHECKING, NoReturn, Self

import rich.progress
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOTICEABLE = 0.1


class Output(Console):
    """A console that says by an exception that its reader is gone, as `head` is in a pipe."""

    def on_broken_pipe(self) -> NoReturn:
        """Raise it; rich's own ends the program with an error."""
        raise BrokenPipeError


def show(console: Console, text: str, style: str = "") -> None:
    """Print a line as it is: nothing in it is taken for markup, and nothing is broken or cut."""
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


class Progress:
    """Tasks under way, and the phases that they make up.

    Attributes:
        phases: Seconds that each phase took, in order.
    """

    def __init__(self, console: Console, clock: "Callable[[], float]" = time.monotonic) -> None:
        self.phases: dict[str, float] = {}
        self._console = console
        self._clock = clock
        self._live = rich.progress.Progress(
            rich.progress.SpinnerColumn(),
            rich.progress.TextColumn("{task.description}", markup=False),
            rich.progress.TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    @classmethod
    def silent(cls) -> Self:
        """Return one that shows nothing, for tests and programs."""
        return cls(Console(quiet=True))

    @contextlib.contextmanager
    def showing(self) -> "Iterator[None]":
        """Keep the tasks under way on the terminal until the block ends."""
        with self._live:
            yield

    @contextlib.contextmanager
    def hidden(self) -> "Iterator[None]":
        """Leave the terminal to what shows progress of its own until the block ends."""
        self._live.stop()
        try:
            yield
        finally:
            self._live.start()

    @contextlib.contextmanager
    def phase(self, name: str) -> "Iterator[None]":
        """Measure a part of the work; one that comes again adds to it."""
        started = self._clock()
        try:
            yield
        finally:
            self.phases[name] = self.phases.get(name, 0) + self._clock() - started

    @contextlib.contextmanager
    def task(self, doing: str, done: str) -> "Iterator[None]":
        """Show a task while it is under way, and that it is done.

        Args:
            doing: What is being done, "deploying s3_infra".
            done: What has been done then, "s3_infra deployed"; said if it took a noticeable time.
        """
        task = self._live.add_task(doing, total=None)
        started = self._clock()
        try:
            yield
            seconds = self._clock() - started
            if seconds >= NOTICEABLE:
                self.say(f"{done:<42} {seconds:5.1f} s")
        finally:
            self._live.remove_task(task)

    def say(self, text: str) -> None:
        """Print a line."""
        show(self._console, text)
