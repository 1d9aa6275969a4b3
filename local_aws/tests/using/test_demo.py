"""The demonstration's output is readable."""

import io
import os
import time
from pathlib import Path

import psutil
import pytest
from imagelabeller import Image, Label, Model, Status
from rich.console import Console

from local_aws import Settings
from local_aws.deploying.emulated import Emulated
from local_aws.servers import processes, state
from local_aws.servers.plans import MINISTACK
from local_aws.tools.progress import Progress
from local_aws.using import demo

PUG = demo.Labelled(
    Image(
        "i",
        Status.LABELLED,
        (Label("pug", 0.912), Label("bull mastiff", 0.004)),
        Model("lite", "1"),
    ),
    0.153,
)


def test_those_of_the_system_tests_are_the_default(tmp_path: Path) -> None:
    assert demo.default_directory(tmp_path) == tmp_path / "system_tests/photos"
    (tmp_path / "system_tests/suite/photos").mkdir(parents=True)
    assert demo.default_directory(tmp_path) == tmp_path / "system_tests/suite/photos"


def test_the_table_has_photograph_labels_and_time() -> None:
    console = Console(file=io.StringIO(), width=120)

    console.print(demo.table({"pug.jpg": PUG}))

    printed = console.file.getvalue()  # type: ignore[attr-defined] # it is a StringIO
    assert "pug.jpg" in printed
    assert "pug 91.2%, bull mastiff 0.4%" in printed
    assert "0.15 s" in printed
    assert "lite 1" in printed


def test_the_durations_are_shown_with_the_whole() -> None:
    phases = {"servers": 1.25, "stacks": 2.5}

    assert demo.durations(phases, 4.25) == "servers 1.2 s · stacks 2.5 s · all 4.2 s"


@pytest.mark.parametrize(("fraction", "least"), [(".5", 9.5), (".N", 10), ("", 10)])
def test_the_clock_counts_from_the_start_of_make(fraction: str, least: float) -> None:
    before = time.time()
    clock = demo.Clock.of({"STARTED": f"{int(before) - 10}{fraction}"})

    assert least <= clock.seconds() <= least + 1 + time.time() - before


def test_without_a_make_the_clock_counts_from_now() -> None:
    before = time.time()

    assert 0 <= demo.Clock.of({}).seconds() <= time.time() - before


def test_the_first_label_needs_what_has_a_function_and_what_that_needs(
    tmp_path: Path,
) -> None:
    settings = Settings.read({"IMAGELABELLER_STATE": str(tmp_path)})
    this = psutil.Process()
    server = state.Server(
        processes.Process(os.getpid(), this.create_time(), tuple(this.cmdline())), 1
    )
    state.save(settings.state, state.State({MINISTACK: server}))

    needed, later = demo.parts(Emulated(settings, Progress.silent()))

    assert needed == [
        "dynamodb_infra",
        "get_image_label",
        "invoke_labeller",
        "s3_infra",
        "submit_image",
    ]
    assert set(later) == {"cloudwatch_alarms", "sagemaker_endpoint", "website"}
