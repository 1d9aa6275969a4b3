"""The emulator, the functions' workers or the endpoint are stopped or killed while pictures come.

Every picture whose acceptance was reported is stored and gets labelled, once. MiniStack's data
between its last stop and a kill was only in memory: that loss is the emulator's own, and it is
complete.
"""

import contextlib
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import psutil
import pytest
from local_aws.cloud import Cloud
from local_aws.servers import ports, processes
from local_aws.servers.plans import ENDPOINT, MINISTACK
from local_aws.settings import Settings

from tests.application import PHOTOGRAPHS, TIMEOUT, Application, upload
from tests.faults.submitters import UNKNOWN, Submitters
from tests.project import PROJECT

pytestmark = pytest.mark.timeout(600)
# Nothing on this machine gets one of these for a client's end of a connection, so the port is still
# free when MiniStack starts again.
PORTS = range(20000, 30000)
STEP = 8
LABELLED = "CLASSIFIED"


class Stored:
    """What the table and the bucket hold."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def rows(self) -> dict[str, str]:
        """Return the status of each row."""
        return {str(row["Id"]): str(row["Status"]) for row in self._application.rows()}

    def pictures(self) -> set[str]:
        """Return the ids of the pictures in the bucket."""
        return self._application.pictures()

    def wait_for_labels(self, number: int) -> None:
        """Wait until so many more rows are labelled."""
        wanted, deadline = self._labelled() + number, time.monotonic() + TIMEOUT
        while self._labelled() < wanted:
            assert time.monotonic() < deadline, Counter(self.rows().values())

    def settle(self) -> None:
        """Wait until no row waits; the sweep brings back what the labeller could not finish."""
        deadline = time.monotonic() + TIMEOUT
        while set(self.rows().values()) != {LABELLED}:
            assert time.monotonic() < deadline, Counter(self.rows().values())
            time.sleep(2)
            self._application.invoke("SweepFunctionName", {"olderThanSeconds": 0})

    def _labelled(self) -> int:
        return Counter(self.rows().values())[LABELLED]


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """A cloud of its own that keeps what it holds, with the application in it."""
    settings = replace(
        Settings.read({}),
        state=tmp_path_factory.mktemp("cloud"),
        environments=PROJECT / ".local/environments",
        port=next(port for port in PORTS if ports.is_free(port)),
        keep=True,
    )
    with Cloud(settings) as cloud:
        cloud.deploy()
        yield Application(cloud)


@pytest.fixture(scope="module")
def urls(application: Application) -> list[str]:
    """Where the photographs can be fetched; the bucket holds them before the first stop."""
    return [upload(application.cloud, photograph) for photograph in PHOTOGRAPHS]


@pytest.fixture
def stored(application: Application) -> Stored:
    return Stored(application)


@pytest.fixture
def endpoint(application: Application) -> psutil.Process:
    return psutil.Process(application.cloud.server(ENDPOINT).process.pid)


@pytest.fixture
def submitters(application: Application, urls: list[str]) -> Callable[[], Submitters]:
    return lambda: Submitters(application, urls)


@pytest.fixture
def tell(counts: Counter[str]) -> Callable[..., None]:
    """Add to what the run shows at its end."""

    def add(what: str, **numbers: int) -> None:
        for name, number in numbers.items():
            counts[f"{what}: {name}"] = number

    return add


def end(cloud: Cloud, how: signal.Signals) -> None:
    """Stop or kill MiniStack, and wait until it has ended."""
    process = psutil.Process(cloud.server(MINISTACK).process.pid)
    process.send_signal(how)
    psutil.wait_procs([process], timeout=30)


def kill(processes: Iterable[psutil.Process]) -> int:
    """Kill processes while clients go on, and return how many."""
    killed = 0
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
            killed += 1
    return killed


def go_on_amid_a_batch(clients: Submitters, stored: Stored, endpoint: psutil.Process) -> None:
    """Return when some pictures of a batch have their labels, and others do not."""
    endpoint.suspend()
    try:
        clients.go_on(STEP)
    finally:
        endpoint.resume()
    stored.wait_for_labels(2)


def assert_sound(stored: Stored, labelled: Counter[str]) -> None:
    """Every row has its picture, and came to its label once."""
    rows = stored.rows()
    assert rows.keys() <= stored.pictures()
    assert {image: labelled[image] for image in rows} == dict.fromkeys(rows, 1)


def test_what_was_accepted_is_labelled_although_the_emulator_stops_and_starts(
    application: Application,
    stored: Stored,
    endpoint: psutil.Process,
    submitters: Callable[[], Submitters],
    tell: Callable[..., None],
) -> None:
    with submitters() as clients:
        clients.go_on(STEP // 2)
        go_on_amid_a_batch(clients, stored, endpoint)
        end(application.cloud, signal.SIGTERM)
        application.cloud.up()
        clients.go_on(STEP)
    found = stored.rows().keys() & clients.accepted.keys()
    stored.settle()

    labelled = application.times_labelled()
    tell(
        "MiniStack stopped",
        accepted=len(clients.accepted),
        found=len(found),
        labelled=len(clients.accepted.keys() & labelled.keys()),
        refused=clients.refused.total(),
    )
    assert found == clients.accepted.keys()
    assert_sound(stored, labelled)
    assert clients.contradictions() == {}


def test_nothing_is_lost_when_workers_and_the_endpoint_are_killed(
    application: Application,
    stored: Stored,
    endpoint: psutil.Process,
    submitters: Callable[[], Submitters],
    tell: Callable[..., None],
) -> None:
    cloud, workers = application.cloud, 0
    with submitters() as clients:
        for _ in range(3):
            go_on_amid_a_batch(clients, stored, endpoint)
            workers += kill(processes.orphans(cloud.settings.temporary))
        kill([endpoint])
        clients.go_on(STEP // 2)
        cloud.up()
        clients.go_on(STEP // 2)
    stored.settle()

    labelled = application.times_labelled()
    tell(
        "Workers and the endpoint killed",
        workers=workers,
        accepted=len(clients.accepted),
        labelled=len(clients.accepted.keys() & labelled.keys()),
        refused=clients.refused.total(),
    )
    assert workers > 0
    assert clients.accepted.keys() <= stored.rows().keys()
    assert_sound(stored, labelled)
    assert clients.contradictions() == {}


def test_a_killed_emulator_loses_what_came_since_its_last_stop_and_that_whole(
    application: Application,
    stored: Stored,
    endpoint: psutil.Process,
    submitters: Callable[[], Submitters],
    tell: Callable[..., None],
) -> None:
    with submitters() as earlier:
        earlier.go_on(STEP // 2)
    end(application.cloud, signal.SIGTERM)
    application.cloud.up()

    with submitters() as clients:
        go_on_amid_a_batch(clients, stored, endpoint)
        killed = time.monotonic()
        end(application.cloud, signal.SIGKILL)
        application.cloud.up()
        ready = time.monotonic()
        clients.go_on(STEP)
    stored.settle()

    accepted = clients.accepted
    lost = accepted.keys() - stored.rows().keys()
    labelled = application.times_labelled()
    tell(
        "MiniStack killed",
        accepted=len(accepted),
        lost=len(lost),
        labelled=len(accepted.keys() & labelled.keys()),
        refused=clients.refused.total(),
    )
    assert earlier.accepted.keys() <= stored.rows().keys()
    assert_sound(stored, labelled)
    # What was answered in between was answered before the kill, and only heard after it.
    assert {image for image in accepted if accepted[image] < killed} <= lost
    assert lost <= {image for image in accepted if accepted[image] < ready}
    assert not lost & stored.pictures()
    assert {clients.look_up(image) for image in lost} == {UNKNOWN}
    assert clients.contradictions(lost) == {}
