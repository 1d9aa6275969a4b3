"""The whole under the stream's rules: whatever fails, each healthy picture is labelled once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cfnlint.decode import cfn_yaml

from invoke_labeller.errors import TransientError
from invoke_labeller.failure import FailureCode
from invoke_labeller.label_handler import create_handler
from invoke_labeller.labeller import Labeller
from invoke_labeller.picture import prepare
from invoke_labeller.ports import Decoder, Label
from invoke_labeller.requeue import Requeue, Selection
from invoke_labeller.row import Status
from invoke_labeller.sweep import Pace, Sweep
from invoke_labeller.times import to_text
from tests.event_source_mapping import DAY, EventSourceMapping, Record
from tests.fakes import LABELS, FakeDecoder, FakeModel, FakePictures, FakeTable
from tests.pictures import encoded, photo
from tests.support import ROOT, START, FakeClock, FakeContext, Log, metrics, record

TINY = encoded(photo(8, 8), "JPEG")
IMAGES = [f"{number % 16:x}{number}" for number in range(100)]
POISON = IMAGES[37]
HEALTHY = [image_id for image_id in IMAGES if image_id != POISON]
MINUTE = 60


def ours(**changes: Any) -> EventSourceMapping:
    """The event source mapping of the template."""
    template = cfn_yaml.load(str(ROOT / "template.yml"))
    settings = template["Resources"]["EventSourceMapping"]["Properties"]
    mapping = EventSourceMapping(
        batch_size=template["Parameters"]["BatchSize"]["Default"],
        maximum_retry_attempts=settings["MaximumRetryAttempts"],
        maximum_record_age=settings["MaximumRecordAgeInSeconds"],
        bisect=settings["BisectBatchOnFunctionError"],
        partial=settings["FunctionResponseTypes"] == ["ReportBatchItemFailures"],
    )
    return replace(mapping, **changes)


class World:
    """The labeller, its stream and its sweep, with time that only passes in them."""

    def __init__(self, mapping: EventSourceMapping) -> None:
        self.clock = FakeClock()
        self.decoder: Decoder = FakeDecoder()
        self.mapping = mapping
        self.table = FakeTable(*IMAGES)
        self.pictures = FakePictures(dict.fromkeys(IMAGES, TINY))
        self.model: FakeModel = FakeModel()
        self.sweep = Sweep(
            self.table, self.clock, Pace(timedelta(minutes=15), timedelta(days=1), 1024)
        )
        self.number = 0
        self.log = Log()
        self.log.logger.setLevel("CRITICAL")

    def deliver(
        self,
        image_ids: list[str],
        function: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
        until: float = 2 * DAY,
    ) -> None:
        records = []
        for image_id in image_ids:
            self.number += 1
            swept = self.table.rows[image_id].swept_since
            more = {"SweptSince": to_text(swept)} if swept else {}
            records.append(Record(record(image_id, self.number, **more), self.clock().timestamp()))
        self.mapping.deliver(records, function or self.handle, self.clock, until)

    @property
    def labeller(self) -> Labeller:
        return Labeller(self.table, self.pictures, self.decoder, self.model, self.clock)

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        handler = create_handler(self.labeller, self.clock, self.log.logger, metrics(), 4)
        answer: dict[str, Any] = handler(event, FakeContext())  # type: ignore[arg-type] # all it needs
        return answer

    def sweep_for(self, minutes: float) -> None:
        """Run the sweep every five minutes, and deliver what it touched."""
        end = self.seconds + minutes * MINUTE
        while self.seconds < end:
            self.clock.advance(5 * MINUTE)
            self.table.touched.clear()
            self.sweep.run(None, lambda: True)
            self.deliver(list(self.table.touched))

    @property
    def seconds(self) -> float:
        return (self.clock() - START).total_seconds()

    def ids(self, status: str) -> list[str]:
        return [image_id for image_id, row in self.table.rows.items() if row.status == status]


class OutageModel(FakeModel):
    """A model that does not answer until a time."""

    def __init__(
        self,
        clock: FakeClock,
        seconds: float,
        code: FailureCode = FailureCode.MODEL_UNAVAILABLE,
    ) -> None:
        super().__init__()
        self.clock, self.seconds, self.code = clock, seconds, code

    def classify(self, jpeg: bytes) -> tuple[Label, ...]:
        super().classify(jpeg)
        if (self.clock() - START).total_seconds() < self.seconds:
            raise TransientError("The endpoint did not answer", self.code)
        return LABELS


class RefusingModel(FakeModel):
    """A model that refuses one picture, whenever it is asked."""

    def __init__(self, refused: bytes) -> None:
        super().__init__()
        self.refused = refused

    def classify(self, jpeg: bytes) -> tuple[Label, ...]:
        super().classify(jpeg)
        if jpeg == self.refused:
            code = FailureCode.MODEL_REFUSED
            raise TransientError("arn:secret", code, "Refused with status 400.")
        return LABELS


def raising(world: World) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What the function of Atlassian's tutorial does: stop at the first picture that fails."""

    def function(event: dict[str, Any]) -> dict[str, Any]:
        for each in event["Records"]:
            image_id = each["dynamodb"]["Keys"]["Id"]["S"]
            if image_id == POISON:
                raise RuntimeError
            world.labeller.label(image_id)
        return {}

    return function


def test_a_picture_that_cannot_be_decoded_is_recorded_and_delays_nobody() -> None:
    world = World(ours())
    world.pictures.stored[POISON] = b"GIF89a"

    world.deliver(IMAGES)

    assert sorted(world.ids(Status.CLASSIFIED)) == sorted(HEALTHY)
    assert world.ids(Status.FAILED) == [POISON]
    assert len(world.model.calls) == 99
    assert (world.mapping.invocations, world.mapping.dead_letters) == (10, [])


def test_a_picture_that_always_fails_delays_its_shard_briefly_and_is_abandoned_in_the_end() -> None:
    world = World(ours())
    world.table.broken = {POISON}

    world.deliver(IMAGES)

    assert sorted(world.ids(Status.CLASSIFIED)) == sorted(HEALTHY)
    assert len(world.model.calls) == 99, "what is done is not asked for again"
    assert world.seconds < MINUTE
    world.table.broken = set()
    world.model.error = TransientError("The model failed with status 500")
    world.sweep_for(23 * 60)
    assert world.ids(Status.NOT_CLASSIFIED) == [POISON]
    world.sweep_for(4 * 60)
    assert world.ids(Status.FAILED) == [POISON]
    assert set(world.table.changes.values()) == {1}


def test_a_picture_that_the_model_alone_refuses_is_given_up_by_age_at_a_bounded_cost() -> None:
    world = World(ours())
    poison = encoded(photo(9, 9), "JPEG")
    world.pictures.stored[POISON] = poison
    world.model = RefusingModel(prepare(poison).jpeg)

    world.deliver(IMAGES)
    assert sorted(world.ids(Status.CLASSIFIED)) == sorted(HEALTHY)
    assert world.seconds < MINUTE
    calls, abandoned = len(world.model.calls), list(world.mapping.dead_letters)
    world.sweep_for(27 * 60)

    assert world.ids(Status.FAILED) == [POISON]
    assert world.table.rows[POISON].code is FailureCode.MODEL_REFUSED
    assert world.table.rows[POISON].reason == "Refused with status 400."
    assert len(world.model.calls) - calls <= 29
    assert world.mapping.dead_letters == abandoned, "the queue gets one message"


def test_a_model_that_refuses_every_picture_for_a_while_fails_none() -> None:
    world = World(ours())
    world.model = OutageModel(world.clock, 20 * 60 * MINUTE, FailureCode.MODEL_REFUSED)

    world.deliver(IMAGES)
    world.sweep_for(22 * 60)

    assert sorted(world.ids(Status.CLASSIFIED)) == sorted(IMAGES)


def test_what_an_outage_of_two_days_has_cost_is_labelled_when_it_is_requeued() -> None:
    world = World(ours())
    world.model = OutageModel(world.clock, 48 * 60 * MINUTE)
    world.deliver(IMAGES)
    world.sweep_for(49 * 60)
    assert sorted(world.ids(Status.FAILED)) == sorted(IMAGES)
    assert {row.code for row in world.table.rows.values()} == {FailureCode.MODEL_UNAVAILABLE}

    requeue = Requeue(world.table, world.clock, world.clock.advance)
    done = requeue.several(Selection(FailureCode.MODEL_UNAVAILABLE), lambda: True)
    world.deliver(IMAGES)

    assert (done.requeued, done.rest) == (100, None)
    assert sorted(world.ids(Status.CLASSIFIED)) == sorted(IMAGES)


def test_manual_sweeps_during_an_outage_fail_nothing() -> None:
    world = World(ours())
    world.model = OutageModel(world.clock, 60 * MINUTE)
    world.deliver(IMAGES[:10])

    for _ in range(97):
        world.table.touched.clear()
        world.sweep.run(timedelta(0), lambda: True)
        world.clock.advance(0.1)

    assert world.ids(Status.FAILED) == []
    assert {row.attempts for row in world.table.rows.values()} == {0}


@pytest.mark.parametrize("outage", [30, 10 * MINUTE, 6 * 60 * MINUTE])
@pytest.mark.parametrize("emulated", [False, True])
def test_an_outage_of_the_endpoint_costs_time_and_no_picture(
    outage: float,
    emulated: bool,  # noqa: FBT001 - the column of a table
) -> None:
    world = World(ours(emulated=emulated))
    world.model = OutageModel(world.clock, outage)

    world.deliver(IMAGES)
    world.sweep_for((outage - world.seconds) / MINUTE + 30)

    assert sorted(world.ids(Status.CLASSIFIED)) == sorted(IMAGES)
    assert dict(world.table.changes) == dict.fromkeys(IMAGES, 1)


def test_a_picture_that_crashes_the_function_takes_no_other_along() -> None:
    world = World(ours())

    def crashing(event: dict[str, Any]) -> dict[str, Any]:
        if POISON in [each["dynamodb"]["Keys"]["Id"]["S"] for each in event["Records"]]:
            raise MemoryError
        return world.handle(event)

    world.deliver(IMAGES, crashing)

    assert sorted(world.ids(Status.CLASSIFIED)) == sorted(HEALTHY)
    assert world.mapping.dead_letters == [38]
    assert world.ids(Status.NOT_CLASSIFIED) == [POISON], "for the sweep"

    for _ in range(28 * 12):
        world.clock.advance(5 * MINUTE)
        world.table.touched.clear()
        world.sweep.run(None, lambda: True)
        world.deliver(list(world.table.touched), crashing)
    assert world.table.rows[POISON].code is FailureCode.UNFINISHED


def test_the_tutorials_settings_lose_healthy_pictures() -> None:
    world = World(EventSourceMapping())

    world.deliver(IMAGES, raising(world))

    assert len(set(world.ids(Status.CLASSIFIED)) & set(HEALTHY)) == 37
    assert world.mapping.invocations > 1000


@pytest.mark.parametrize("emulated", [False, True])
def test_records_that_are_delivered_twice_are_labelled_once(
    emulated: bool,  # noqa: FBT001 - the column of a table
) -> None:
    world = World(ours(emulated=emulated))

    world.deliver([image_id for image_id in IMAGES for _ in range(2)])
    world.deliver(IMAGES)

    assert dict(world.table.changes) == dict.fromkeys(IMAGES, 1)
    assert len(world.model.calls) == 100


def test_raising_when_a_whole_batch_fails_gains_nothing_and_blocks_the_emulated_stream() -> None:
    def labelled_after(emulated: bool, raises: bool) -> int:  # noqa: FBT001 - a table's columns
        world = World(ours(emulated=emulated))

        def function(event: dict[str, Any]) -> dict[str, Any]:
            world.table.broken = set(IMAGES[:10])
            answer = world.handle(event)
            if raises and len(answer["batchItemFailures"]) == len(event["Records"]):
                raise RuntimeError
            return answer

        world.deliver(IMAGES, function, until=10 * MINUTE)
        return len(world.ids(Status.CLASSIFIED))

    assert labelled_after(emulated=False, raises=False) == 90
    assert labelled_after(emulated=False, raises=True) == 90
    assert labelled_after(emulated=True, raises=False) == 90
    assert labelled_after(emulated=True, raises=True) == 0
