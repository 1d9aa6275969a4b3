"""A picture is submitted once, wherever it is interrupted and whatever answers are lost."""

import contextlib
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from imagelabeller import (
    AnswerLostError,
    ApiKey,
    Client,
    Connection,
    FileError,
    ForbiddenError,
    ImageLabellerError,
    UploadExpiredError,
)
from imagelabeller.labelling import Labelling, Outcome, Result
from imagelabeller.pictures import Picture
from imagelabeller.running import StoppedError
from imagelabeller.store import URL_SECONDS, Store
from tests.clocks import Clock
from tests.server import KEY, LOST, RESET, Application, Fault, serving

JPEG = b"\xff\xd8\xff\xe0 a photograph"
URL = Picture("https://example.org/a.jpg")


@pytest.fixture
def api() -> Iterator[Application]:
    with serving() as application:
        yield application


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.of_user("api", tmp_path / "state") as store:
        yield store


@pytest.fixture
def photo(tmp_path: Path) -> Picture:
    path = tmp_path / "photo.jpg"
    path.write_bytes(JPEG)
    return Picture(str(path), path)


def labelling(
    api: Application,
    store: Store,
    clock: Clock | None = None,
    *,
    now: Callable[[], float] | None = None,
    again: bool = False,
) -> Labelling:
    clock = clock or Clock()
    client = Client(Connection.at(f"{api.url}/v1", ApiKey(KEY)), clock, clock.pause)
    return Labelling(client, store, again=again, clock=now or Clock())


def test_a_second_run_neither_uploads_nor_submits(
    api: Application, store: Store, photo: Picture
) -> None:
    first = labelling(api, store).label(photo)
    second = labelling(api, store).label(photo)

    assert first.image == second.image
    assert (api.calls["uploads"], api.calls["bucket"], api.calls["submit"]) == (1, 1, 1)


def test_the_same_bytes_under_two_names_are_one_picture(
    api: Application, store: Store, photo: Picture, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.jpg"
    copy.write_bytes(JPEG)
    both = labelling(api, store, again=True)

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(both.label, [photo, Picture("copy.jpg", copy)]))

    assert {each.result for each in outcomes} == {Result.LABELLED}
    assert len(api.rows) == 1


def test_again_labels_once_more_what_has_labels(
    api: Application, store: Store, photo: Picture
) -> None:
    labelling(api, store, now=lambda: 2e9).label(photo)
    labelling(api, store, now=lambda: 4e9, again=True).label(photo)

    assert len(api.rows) == 2


def test_again_goes_on_with_what_is_under_way(
    api: Application, store: Store, photo: Picture
) -> None:
    api.faults["look-up"] = [Fault(400)]
    assert labelling(api, store).label(photo).result is Result.FAILED

    assert labelling(api, store, again=True).label(photo).result is Result.LABELLED

    assert len(api.rows) == 1


def test_what_was_deleted_meanwhile_is_submitted_once_more(
    api: Application, store: Store, photo: Picture
) -> None:
    labelling(api, store).label(photo)
    api.rows.clear()

    outcome = labelling(api, store).label(photo)

    assert list(api.rows) == [outcome.image_id]


def test_what_failed_is_submitted_once_more(api: Application, store: Store, photo: Picture) -> None:
    api.outcomes[JPEG] = {"Status": "FAILED", "FailureReason": "The model is down."}
    assert labelling(api, store).label(photo).result is Result.FAILED
    api.outcomes.clear()

    assert labelling(api, store).label(photo).result is Result.LABELLED
    assert len(api.rows) == 2


def test_a_url_is_labelled_once_a_day(api: Application, store: Store) -> None:
    now = store._clock()  # noqa: SLF001 # its entries are dated by it
    labelling(api, store, now=lambda: now).label(URL)
    labelling(api, store, now=lambda: now).label(URL)
    assert len(api.rows) == 1

    labelling(api, store, now=lambda: now + URL_SECONDS + 60).label(URL)
    assert len(api.rows) == 2


def test_a_url_whose_answer_was_lost_is_reported_and_not_submitted_again(
    api: Application, store: Store
) -> None:
    api.faults["submit"] = [LOST]

    outcome = labelling(api, store).label(URL)

    assert isinstance(outcome.error, AnswerLostError)
    assert len(api.rows) == 1


def test_a_permission_that_has_expired_is_asked_for_once_more(
    api: Application, store: Store, photo: Picture
) -> None:
    api.faults["bucket"] = [Fault(400, slug="policy-expired")]

    outcome = labelling(api, store).label(photo)

    assert outcome.result is Result.LABELLED
    assert api.calls["uploads"] == 2
    assert len(api.rows) == 1


def test_permissions_that_all_expire_are_not_asked_for_for_ever(
    api: Application, store: Store, photo: Picture
) -> None:
    api.faults["bucket"] = [Fault(400, slug="policy-expired")] * 10

    outcome = labelling(api, store).label(photo)

    assert isinstance(outcome.error, UploadExpiredError)
    assert api.calls["uploads"] == 2


def test_a_file_that_changes_while_it_is_uploaded_is_reported(
    api: Application, store: Store, photo: Picture
) -> None:
    class Changing(Clock):
        def pause(self, _: float) -> None:
            if photo.path and api.calls["uploads"] == 1:
                photo.path.write_bytes(JPEG[::-1])

    outcome = labelling(api, store, Changing()).label(photo)

    assert isinstance(outcome.error, FileError)
    assert api.rows == {}


def test_a_picture_that_is_refused_is_not_uploaded_again(
    api: Application, store: Store, photo: Picture
) -> None:
    api.refused[JPEG] = "unsupported-image"

    outcomes = [labelling(api, store).label(photo) for _ in range(2)]

    assert [each.error.slug for each in outcomes if each.error] == ["unsupported-image"] * 2
    assert api.calls["bucket"] == 1


def test_what_no_picture_gets_past_ends_the_run(api: Application, store: Store) -> None:
    api.key = 2 * KEY

    with pytest.raises(ForbiddenError):
        labelling(api, store).label(URL)


FAULTS = st.sampled_from([None, None, RESET, LOST, Fault(429, "1"), Fault(500), Fault(503, "1")])
OPERATIONS = ("uploads", "bucket", "submit", "look-up")


@settings(max_examples=30, phases=[Phase.explicit, Phase.generate])
@given(
    faults=st.fixed_dictionaries({name: st.lists(FAULTS, max_size=4) for name in OPERATIONS}),
    stops=st.lists(st.integers(1, 8), max_size=5),
)
@example(faults={"submit": [LOST]}, stops=[5])
@example(faults={"bucket": [LOST], "submit": [LOST, LOST]}, stops=[3, 2, 2])
def test_a_file_has_one_row_wherever_it_is_interrupted_and_whatever_answers_are_lost(
    served: Application, faults: dict[str, list[Fault | None]], stops: list[int]
) -> None:
    served.rows.clear()
    served.uploaded.clear()
    served.faults.clear()
    served.faults.update({name: list(each) for name, each in faults.items()})
    for name in OPERATIONS:
        served.faults.setdefault(name, [])
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "photo.jpg")
        path.write_bytes(JPEG)
        # An interruption before each request and in each pause; the last run has none.
        for after in stops:
            with contextlib.suppress(StoppedError, ImageLabellerError):
                run(served, Path(directory), path, after)
        last = run(served, Path(directory), path, 10_000)

    assert last.result is Result.LABELLED, last.error
    assert list(served.rows) == [last.image_id]


@pytest.fixture(scope="module")
def served() -> Iterator[Application]:
    with serving() as application:
        yield application


def run(api: Application, directory: Path, path: Path, after: int) -> Outcome:
    """Label a file, and be interrupted at the given pause."""
    clock = Stopping(after)
    with Store.of_user("api", directory / "state") as store:
        return labelling(api, store, clock).label(Picture(str(path), path))


class Stopping(Clock):
    """A clock that stops whoever waits for the given time."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    def pause(self, seconds: float) -> None:
        self.left -= 1
        if self.left < 0:
            raise StoppedError
        super().pause(seconds)


def test_pictures_do_not_wait_for_each_other(api: Application, store: Store) -> None:
    class Real(Clock):
        def pause(self, seconds: float) -> None:
            time.sleep(min(seconds, 0.05))

    api.hold.set()
    both, ended = labelling(api, store, Real()), threading.Event()

    def first() -> None:
        both.label(URL)
        ended.set()

    thread = threading.Thread(target=first, daemon=True)
    thread.start()
    while api.calls["look-up"] == 0:
        time.sleep(0.01)
    assert not ended.is_set()
    api.hold.clear()

    assert both.label(Picture("https://example.org/b.jpg")).result is Result.LABELLED
    thread.join(20)
