import threading

import pytest

from invoke_labeller import batch, clients
from invoke_labeller.batch import THREADS, label_all
from invoke_labeller.labeller import Outcome, Result
from invoke_labeller.stream import Submission
from tests import test_picture_corpus
from tests.support import Log

LABELLED = Result(Outcome.LABELLED, "pug")


def waiting(*image_ids: str) -> list[Submission]:
    return [Submission(image_id, None, (image_id,)) for image_id in image_ids]


def plenty() -> float:
    return 180_000


def nearly_up() -> float:
    """Plenty of time where pictures are begun, and half a second where they are waited for."""
    waits = threading.current_thread() is threading.main_thread()
    return batch.ANSWER_MILLISECONDS + 500 if waits else plenty()


def test_the_results_are_in_the_order_of_the_submissions() -> None:
    results = label_all(
        waiting(*"abcdefghij"), lambda i: Result(Outcome.LABELLED, i), plenty, Log().logger
    )

    assert [result.detail for result in results] == list("abcdefghij")


def test_an_empty_batch_has_no_results() -> None:
    assert label_all([], lambda _: LABELLED, plenty, Log().logger) == []


def test_pictures_are_labelled_side_by_side() -> None:
    meeting = threading.Barrier(THREADS, timeout=10)

    def label(_: str) -> Result:
        meeting.wait()
        return LABELLED

    assert label_all(waiting(*"abcd"), label, plenty, Log().logger) == [LABELLED] * 4


def test_an_unforeseen_error_concerns_its_picture_alone() -> None:
    def label(image_id: str) -> Result:
        if image_id == "b":
            raise ZeroDivisionError
        return LABELLED

    log = Log()
    results = label_all(waiting("a", "b", "c"), label, plenty, log.logger)

    assert results == [LABELLED, Result(Outcome.RETRIED, "Unexpected ZeroDivisionError"), LABELLED]
    assert [(line["image_id"], line["exception_name"]) for line in log.lines] == [
        ("b", "ZeroDivisionError")
    ]


@pytest.mark.parametrize(
    ("remaining", "outcome"),
    [(130_000, Outcome.LABELLED), (129_999, Outcome.RETRIED), (0, Outcome.RETRIED)],
)
def test_a_picture_that_may_outlast_the_function_is_not_begun(
    remaining: int, outcome: Outcome
) -> None:
    begun: list[str] = []

    def label(image_id: str) -> Result:
        begun.append(image_id)
        return LABELLED

    results = label_all(waiting("a", "b"), label, lambda: remaining, Log().logger)

    assert {result.outcome for result in results} == {outcome}
    assert sorted(begun) == (["a", "b"] if outcome is Outcome.LABELLED else [])


def test_a_picture_that_hangs_does_not_take_the_others_results_along() -> None:
    hanging = threading.Event()

    def label(image_id: str) -> Result:
        if image_id == "a":
            hanging.wait(10)
        return LABELLED

    results = label_all(waiting("a", "b"), label, nearly_up, Log().logger)
    hanging.set()

    assert results == [Result(Outcome.RETRIED, "The function's time is up"), LABELLED]


def test_what_waits_behind_pictures_that_hang_is_left_to_another_delivery() -> None:
    hanging = threading.Event()
    begun: list[str] = []

    def label(image_id: str) -> Result:
        begun.append(image_id)
        hanging.wait(10)
        return LABELLED

    results = label_all(waiting(*"abcdefgh"), label, nearly_up, Log().logger)
    hanging.set()

    assert {result.outcome for result in results} == {Outcome.RETRIED}
    assert len(begun) == THREADS


def test_the_time_kept_back_covers_every_timeout_of_one_picture() -> None:
    def longest(config: object) -> float:
        attempts = config.retries["total_max_attempts"]  # type: ignore[attr-defined] # set at run time
        # A second at most before the first repetition, by the standard mode.
        return attempts * (config.connect_timeout + config.read_timeout) + attempts - 1  # type: ignore[attr-defined,no-any-return]

    # One at a time.
    decoding = THREADS * test_picture_corpus.SECONDS
    seconds = 3 * longest(clients.STORE) + longest(clients.ENDPOINT) + decoding

    assert seconds * 1000 <= batch.RESERVED_MILLISECONDS
