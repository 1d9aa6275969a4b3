import os
import threading
import time
from collections.abc import Iterator

import pytest

from invoke_labeller import batch, clients, decoder
from invoke_labeller.batch import label_all
from invoke_labeller.decode_process import DecodeProcess
from invoke_labeller.labeller import Labeller, Outcome, Result
from invoke_labeller.stream import Submission
from tests.fakes import FakeModel, FakePictures, FakeTable
from tests.support import ROOT, FakeClock, Log

THREADS = 4
LABELLED = Result(Outcome.LABELLED, "pug")


def waiting(*image_ids: str) -> list[Submission]:
    return [Submission(image_id, None, (image_id,)) for image_id in image_ids]


def plenty() -> float:
    return 240_000


def nearly_up() -> float:
    """Plenty of time where pictures are begun, and two seconds where they are waited for."""
    waits = threading.current_thread() is threading.main_thread()
    return batch.ANSWER_MILLISECONDS + 2000 if waits else plenty()


def test_the_results_are_in_the_order_of_the_submissions() -> None:
    results = label_all(
        waiting(*"abcdefghij"),
        lambda i, _: Result(Outcome.LABELLED, i),
        plenty,
        Log().logger,
        THREADS,
    )

    assert [result.detail for result in results] == list("abcdefghij")


def test_an_empty_batch_has_no_results() -> None:
    assert label_all([], lambda _, __: LABELLED, plenty, Log().logger, THREADS) == []


def test_pictures_are_labelled_side_by_side() -> None:
    meeting = threading.Barrier(THREADS, timeout=60)

    def label(_: str, __: float) -> Result:
        meeting.wait()
        return LABELLED

    assert label_all(waiting(*"abcd"), label, plenty, Log().logger, THREADS) == [LABELLED] * 4


def test_an_unforeseen_error_concerns_its_picture_alone() -> None:
    def label(image_id: str, _: float) -> Result:
        if image_id == "b":
            raise ZeroDivisionError
        return LABELLED

    log = Log()
    results = label_all(waiting("a", "b", "c"), label, plenty, log.logger, THREADS)

    assert results == [LABELLED, Result(Outcome.RETRIED, "Unexpected ZeroDivisionError"), LABELLED]
    assert [(line["image_id"], line["exception_name"]) for line in log.lines] == [
        ("b", "ZeroDivisionError")
    ]


@pytest.mark.parametrize(
    ("remaining", "outcome"),
    [(165_000, Outcome.LABELLED), (164_999, Outcome.RETRIED), (0, Outcome.RETRIED)],
)
def test_a_picture_that_may_outlast_the_function_is_not_begun(
    remaining: int, outcome: Outcome
) -> None:
    begun: list[str] = []

    def label(image_id: str, _: float) -> Result:
        begun.append(image_id)
        return LABELLED

    results = label_all(waiting("a", "b"), label, lambda: remaining, Log().logger, THREADS)

    assert {result.outcome for result in results} == {outcome}
    assert sorted(begun) == (["a", "b"] if outcome is Outcome.LABELLED else [])


def test_a_picture_that_hangs_does_not_take_the_others_results_along() -> None:
    hanging = threading.Event()

    def label(image_id: str, _: float) -> Result:
        if image_id == "a":
            hanging.wait(60)
        return LABELLED

    results = label_all(waiting("a", "b"), label, nearly_up, Log().logger, THREADS)
    hanging.set()

    assert results == [Result(Outcome.RETRIED, "The function's time is up"), LABELLED]


def test_what_waits_behind_pictures_that_hang_is_left_to_another_delivery() -> None:
    hanging = threading.Event()
    begun: list[str] = []

    def label(image_id: str, _: float) -> Result:
        begun.append(image_id)
        hanging.wait(60)
        return LABELLED

    results = label_all(waiting(*"abcdefgh"), label, nearly_up, Log().logger, THREADS)
    hanging.set()

    assert {result.outcome for result in results} == {Outcome.RETRIED}
    assert len(begun) == THREADS


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[DecodeProcess]]:
    """Processes for a decoder, which do what a file says."""
    monkeypatch.syspath_prepend(str(ROOT))
    started: list[DecodeProcess] = []
    yield started
    for process in started:
        process.kill()


def test_no_decode_outlives_the_function(
    processes: list[DecodeProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two are decoded and the others wait for their turn when the time for decoding is up."""

    def start() -> DecodeProcess:
        processes.append(DecodeProcess("tests.misbehaving_worker"))
        return processes[-1]

    monkeypatch.setattr(batch, "RESERVED_MILLISECONDS", 0)
    # A busy machine needs more than a second to end them.
    monkeypatch.setattr(batch, "DECODED_MILLISECONDS", batch.ANSWER_MILLISECONDS + 30_000)
    decoding, first = decoder.Decoder(start), [process.pid for process in processes]
    pictures, table = FakePictures(dict.fromkeys("abcdefgh", b"sleep")), FakeTable(*"abcdefgh")
    labeller = Labeller(table, pictures, decoding, FakeModel(), FakeClock())
    stopped = time.monotonic() + (batch.DECODED_MILLISECONDS + 2000) / 1000
    threads = threading.active_count()

    results = label_all(
        waiting(*"abcdefgh"),
        labeller.label,
        lambda: (stopped - time.monotonic()) * 1000,
        Log().logger,
        THREADS,
    )

    left = stopped - time.monotonic()
    assert left * 1000 > batch.ANSWER_MILLISECONDS, "it did not have to wait for any"
    assert {result.outcome for result in results} == {Outcome.RETRIED}
    assert {result.detail for result in results} == {
        "The picture was not decoded in time",
        "The picture's turn to be decoded did not come in time",
    }
    # One that waits may get its turn in the last moment, and with it the process that was idle.
    assert not [number for number in first[1:] if is_there(number)]
    assert threading.active_count() <= threads + THREADS
    until = time.monotonic() + 30
    while threading.active_count() > threads:
        assert time.monotonic() < until, "a thread goes on"
        time.sleep(0.01)


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_time_kept_back_covers_every_timeout_of_one_picture() -> None:
    def longest(config: object) -> float:
        attempts = config.retries["total_max_attempts"]  # type: ignore[attr-defined] # set at run time
        # A second at most before the first repetition, by the standard mode.
        return attempts * (config.connect_timeout + config.read_timeout) + attempts - 1  # type: ignore[attr-defined,no-any-return]

    decoding = decoder.SECONDS
    seconds = 3 * longest(clients.STORE) + longest(clients.ENDPOINT) + decoding

    assert seconds * 1000 <= batch.RESERVED_MILLISECONDS
