"""Shows what has become of pictures: to people and to programs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from imagelabeller import documents
from imagelabeller.labelling import Outcome, Result
from imagelabeller.pictures import printable
from imagelabeller.results import Image, Label, Status

# A narrower table has a letter or two in each of its columns.
TABLE_COLUMNS = 40


class Output(Console):
    """A console that says by an exception that its reader is gone."""

    def on_broken_pipe(self) -> NoReturn:
        """Raise it; rich's own would end the program with an error."""
        raise BrokenPipeError


class Messages(Console):
    """Standard error, which nobody has to read: results are not lost because a reader is gone."""

    def __init__(self) -> None:
        super().__init__(stderr=True)

    def on_broken_pipe(self) -> None:
        """Show nothing more; rich's own would end the program."""
        self.quiet = True


def show(console: Console, text: str, style: str = "") -> None:
    """Print a line as it is: nothing in it is taken for markup, and nothing is broken or cut.

    Args:
        console: Where to.
        text: The line.
        style: Its colour on a terminal.
    """
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Choice:
    """Which labels are shown, and how.

    Attributes:
        as_json: Whether for programs.
        threshold: The lowest confidence, from 0 to 1.
        top: At most so many; None for all.
    """

    as_json: bool = False
    threshold: float = 0.0
    top: int | None = None

    def of(self, image: Image) -> tuple[Label, ...]:
        """Return the labels of an image that are shown."""
        return image.best(self.threshold, self.top)


class Report:
    """Shows outcomes one after the other, in the order of the pictures.

    Results go to the one console, and the reasons of those that have none to the other, where
    programs do not find them: those have them in the JSON.

    Args:
        console: Standard output.
        errors: Standard error.
        choice: Which labels are shown, and how.
        number: How many pictures there are.
    """

    def __init__(self, console: Console, errors: Console, choice: Choice, number: int) -> None:
        self._console, self._errors = console, errors
        self._choice, self._number = choice, number
        self.shown: list[Outcome] = []

    def add(self, outcome: Outcome) -> None:
        """Show an outcome, unless a table shows all of them in the end.

        Args:
            outcome: What has become of the next picture.
        """
        if self._choice.as_json:
            document = documents.of_outcome(outcome, self._choice.threshold, self._choice.top)
            show(self._console, json.dumps(document))
        elif outcome.image and self._number == 1:
            for line in self.lines(outcome.image, outcome.seconds):
                show(self._console, line)
        elif outcome.image and not self._has_table:
            show(self._console, f"{printable(outcome.picture.name)}: {self._text(outcome.image)}")
        elif outcome.error and outcome.result is Result.FAILED:
            name = printable(outcome.picture.name)
            show(self._errors, f"{name}: {printable(str(outcome.error))}", "red")
        self.shown.append(outcome)

    def end(self) -> None:
        """Show the table, where there is one."""
        labelled = [(each, each.image) for each in self.shown if each.image]
        if not self._has_table or not labelled:
            return
        models = {_model(image) for _, image in labelled}
        table = Table(box=SIMPLE, title=", ".join(sorted(models)))
        table.add_column("picture", overflow="fold")
        table.add_column("labels")
        table.add_column("time", justify="right", no_wrap=True)
        for each, image in labelled:
            name = printable(each.picture.name)
            table.add_row(name, self._text(image), f"{each.seconds:.2f} s")
        self._console.print(table, markup=False, highlight=False)

    def count(self, *results: Result) -> int:
        """Return how many pictures have one of these results."""
        return sum(each.result in results for each in self.shown)

    def lines(self, image: Image, seconds: float | None = None) -> Sequence[str]:
        """Return the lines that show one image.

        Args:
            image: The image.
            seconds: How long it took, if that is known.
        """
        if image.status is Status.WAITING:
            return ["It waits for its labels."]
        if image.status is Status.FAILED:
            return [f"It could not be labelled: {printable(image.failure_reason or 'no reason')}"]
        rows = [
            f"{each.confidence:6.1%}  {printable(each.name)}" for each in self._choice.of(image)
        ]
        time = [] if seconds is None else [f"{seconds:.2f} s"]
        note = ["a part of the picture was missing"] if image.incomplete else []
        return [*(rows or [self._none()]), ", ".join([*time, _model(image), *note])]

    @property
    def _has_table(self) -> bool:
        # Where it is no terminal, another program reads it, for which a table would be broken up.
        return (
            self._number > 1
            and self._console.is_terminal
            and self._console.width >= TABLE_COLUMNS
            and not self._choice.as_json
        )

    def _text(self, image: Image) -> str:
        labels = [
            f"{printable(each.name)} {each.confidence:.1%}" for each in self._choice.of(image)
        ]
        return ", ".join(labels) or self._none()

    def _none(self) -> str:
        return f"no label has a confidence of {self._choice.threshold:.1%}"


def _model(image: Image) -> str:
    return (
        printable(f"{image.model.name} {image.model.version}") if image.model else "unknown model"
    )
