"""Pictures that are made to hold up or end their decoder, among healthy ones in the stream.

The decoder is the deployed one. Its processes do what a file says where the file names a fault.
"""

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from invoke_labeller import decoder as decoder_module
from invoke_labeller.decode_process import DecodeProcess
from invoke_labeller.decoder import CRASHED, TOO_LONG, TOO_MUCH_MEMORY, Decoder
from invoke_labeller.failure import FailureCode
from invoke_labeller.row import Status
from tests.pictures import PHOTO, encoded, photo
from tests.support import ROOT
from tests.test_event_source_mapping import IMAGES, World, ours
from tests.tiffs import tiff_of_places

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's limits")

EXIF_SEGMENTS = PHOTO[:2] + b"\xff\xe1\0\x10Exif\0\0II*\0\0\0\0\0" * 520_000 + PHOTO[2:]
TOO_MANY_SEGMENTS = "The picture cannot be decoded: it has more segments than any camera writes."
TOO_MANY_STRIPS = (
    "The picture cannot be decoded: its pixels lie in more pieces than any program makes."
)
POISON: dict[bytes, tuple[FailureCode, str]] = {
    b"spin": (FailureCode.TOO_COSTLY, TOO_LONG),
    b"crash": (FailureCode.UNDECODABLE, CRASHED),
    b"grow": (FailureCode.TOO_COSTLY, TOO_MUCH_MEMORY),
    EXIF_SEGMENTS: (FailureCode.UNDECODABLE, TOO_MANY_SEGMENTS),
    tiff_of_places(2_400_000): (FailureCode.UNDECODABLE, TOO_MANY_STRIPS),
}
DELIVERIES = 1 + ours().maximum_retry_attempts
HEALTHY = (b"nothing", encoded(photo(64, 48), "JPEG"), encoded(photo(64, 48), "PNG"))


@dataclass
class Watch:
    """What the decoder's processes were given, which there were, and who is given up earlier."""

    given: Counter[bytes] = field(default_factory=Counter)
    started: list[int] = field(default_factory=list)
    timeouts: dict[bytes, float] = field(default_factory=dict)

    def start(self) -> DecodeProcess:
        watch = self

        class Watched(DecodeProcess):
            def decode(
                self, data: bytes, until: float, large: Callable[[float], None]
            ) -> tuple[Any, bytes]:
                watch.given[data] += 1
                if data in watch.timeouts:
                    until = min(until, time.monotonic() + watch.timeouts[data])
                return super().decode(data, until, large)

        process = Watched("tests.misbehaving_worker")
        self.started.append(process.pid)
        return process


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, watch: Watch) -> Iterator[World]:
    monkeypatch.syspath_prepend(str(ROOT))
    made = World(ours())
    made.decoder = decoder = Decoder(watch.start)
    yield made
    decoder.close()


def store(world: World, poison: dict[int, bytes]) -> None:
    """Store the poison in some places, and healthy pictures in all others."""
    for place, image_id in enumerate(IMAGES):
        healthy = HEALTHY[place % len(HEALTHY)]
        world.pictures.stored[image_id] = poison.get(place, healthy)


def living(processes: list[int]) -> set[int]:
    """Those that are there, if only as a number in the kernel's table."""
    return {number for number in processes if Path(f"/proc/{number}").exists()}


def idle(world: World) -> set[int]:
    assert isinstance(world.decoder, Decoder)
    return {process.pid for process in world.decoder._idle}  # noqa: SLF001 - to look them up


def leaves_nothing(world: World, watch: Watch, threads: int) -> None:
    """What is there after an invocation is what was there before the first."""
    assert len(idle(world)) == decoder_module.PROCESSES
    assert living(watch.started) == idle(world), "killed processes are gone, the others idle"
    deadline = time.monotonic() + 60
    while threading.active_count() > threads:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_poison_of_each_kind_fails_by_its_own_reason_and_costs_no_other_picture_anything(
    world: World, watch: Watch
) -> None:
    places = dict(zip((7, 12, 13, 44, 45), POISON, strict=True))
    store(world, places)
    threads = threading.active_count()

    def handle(event: dict[str, Any]) -> dict[str, Any]:
        answer = world.handle(event)
        leaves_nothing(world, watch, threads)
        return answer

    world.deliver(IMAGES, handle)

    rows = world.table.rows
    healthy = [image_id for place, image_id in enumerate(IMAGES) if place not in places]
    assert sorted(world.ids(Status.CLASSIFIED)) == sorted(healthy)
    failed = [rows[IMAGES[place]] for place in places]
    assert [(row.code, row.reason) for row in failed] == list(POISON.values())
    assert (world.mapping.invocations, world.mapping.dead_letters) == (10, []), "delivered once"
    assert [watch.given[data] for data in POISON if watch.given[data] not in (1, 2)] == []
    assert len(world.model.calls) == len(healthy)


def test_pictures_that_hang_cost_no_other_picture_a_second_delivery(
    world: World, watch: Watch
) -> None:
    """No processor time is used, so that nothing can be said of the picture: it is retried."""
    watch.timeouts[b"sleep"] = 1.5
    store(world, {3: b"sleep"})
    answers: list[list[str]] = []
    threads = threading.active_count()

    def handle(event: dict[str, Any]) -> dict[str, Any]:
        answer = world.handle(event)
        leaves_nothing(world, watch, threads)
        answers.append([item["itemIdentifier"] for item in answer["batchItemFailures"]])
        return answer

    world.deliver(IMAGES[:20], handle)

    assert sorted(world.ids(Status.CLASSIFIED)) == sorted({*IMAGES[:20]} - {IMAGES[3]})
    assert answers == [["4"]] * DELIVERIES + [[]], "all others are labelled in their first"
    assert watch.given[b"sleep"] == DELIVERIES
    assert world.mapping.dead_letters[0] == 4, "for the sweep"
    assert IMAGES[3] in world.ids(Status.NOT_CLASSIFIED)
