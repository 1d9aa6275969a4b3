"""The application under load while faults come and go: what was submitted is labelled, once."""

import os
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import pytest
from local_aws.cloud import Cloud
from local_aws.errors import CloudError
from local_aws.labelling import lend

from tests.application import PHOTOGRAPHS, Application, eventually
from tests.faults import matrix
from tests.faults.functions import ENVIRONMENT, SERVICES, Deployed, redirection
from tests.faults.vocabulary import FAULTS
from tests.faults.weather import Weather
from tests.faults.wire import Wire

MINUTES = float(os.environ.get("FAULT_MINUTES", "3"))
SEED = int(os.environ.get("FAULT_SEED", "20261125"))
CLIENTS = 4
PAUSE = 1.0
BROKEN = "broken.jpg"
# These end in FAILED, and rightly so; or take the whole load's time.
LEFT_OUT = {"model refused", "dripping"}


@dataclass
class Told:
    """What the clients were told.

    Attributes:
        pictures: By id, what was submitted.
        refusals: By status, how often a submission was refused.
        unknown: Ids that were given out, and not known later.
    """

    pictures: dict[str, str] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


@contextmanager
def rewired(cloud: Cloud, wires: dict[str, Wire]) -> Iterator[None]:
    """Send the deployed functions' SDKs over wires for the block."""
    deployed = Deployed(cloud)

    def configure(more: dict[str, str]) -> None:
        for original in deployed.originals.values():
            deployed.client.update_function_configuration(
                FunctionName=original.settings["FunctionName"],
                Environment={
                    "Variables": dict(original.settings["Environment"]["Variables"]) | more
                },
            )

    configure(redirection(wires))
    try:
        yield
    finally:
        configure({})


@pytest.fixture
def weather(cloud: Cloud) -> Iterator[Weather]:
    """Wires before the deployed functions, and the faults of the whole matrix to come over them."""
    faults: dict[str, list[str]] = {}
    for row in matrix.rows():
        if row.operation in SERVICES and row.fault in FAULTS and row.fault not in LEFT_OUT:
            faults.setdefault(row.operation, []).append(row.fault)
    weather = Weather(faults, SEED)
    deployed = Deployed(cloud)
    with ExitStack() as stack:
        wires = {service: Wire(deployed.upstream(service)) for service in ENVIRONMENT}
        for wire in wires.values():
            stack.callback(wire.close)
            wire.plan = weather
        stack.enter_context(rewired(cloud, wires))
        yield weather


def client(application: Application, urls: dict[str, str], until: float, told: Told) -> None:
    """Submit pictures and look up earlier ones until the time is up."""
    choose = random.Random(until)  # noqa: S311 - nothing to guard
    while time.monotonic() < until:
        name = choose.choice(list(urls))
        try:
            image = application.submit(urls[name])
        except CloudError as error:
            with told.lock:
                told.refusals[_status(error)] += 1
        else:
            with told.lock:
                told.pictures[image] = name
        with told.lock:
            earlier = choose.choice(list(told.pictures)) if told.pictures else None
        if earlier:
            look_up(application, earlier, told)
        time.sleep(PAUSE)


def look_up(application: Application, image: str, told: Told) -> None:
    try:
        application.status(image)
    except CloudError as error:
        if _status(error) == "404":
            told.unknown.append(image)


def _status(error: CloudError) -> str:
    found = re.search(r"\((\d{3})\)", str(error))
    return found[1] if found else "none"


@pytest.mark.timeout(60 * MINUTES + 600)
def test_what_is_submitted_while_faults_come_and_go_is_labelled_once(
    cloud: Cloud, weather: Weather, tmp_path: Path, counts: Counter[str]
) -> None:
    application, told = Application(cloud), Told()
    before = {row["Id"] for row in application.rows()}
    broken = tmp_path / BROKEN
    broken.write_bytes(PHOTOGRAPHS[0].read_bytes()[:2000])
    urls = {path.name: lend(cloud, path) for path in (*PHOTOGRAPHS, broken)}

    until = time.monotonic() + 60 * MINUTES
    with weather.changing(), ThreadPoolExecutor(CLIENTS) as pool:
        for each in [pool.submit(client, application, urls, until, told) for _ in range(CLIENTS)]:
            each.result()

    def rows() -> list[dict[str, object]]:
        return [row for row in application.rows() if row["Id"] not in before]

    def all_ended() -> bool:
        waiting = any(row["Status"] == "NOT_CLASSIFIED" for row in rows())
        if waiting:
            application.invoke("SweepFunctionName", {"olderThanSeconds": 10})
        return not waiting

    eventually(all_ended, patience=300)
    by_id = {str(row["Id"]): row for row in rows()}
    ended = application.times_ended()
    labelled = [image for image in told.pictures if by_id[image]["Status"] == "CLASSIFIED"]
    failed = [image for image in told.pictures if by_id[image].get("FailureReason")]
    counts["load: pictures that clients were told are accepted"] = len(told.pictures)
    counts["load: of these labelled, once"] = len(labelled)
    counts["load: of these failed with a reason"] = len(failed)
    counts["load: submissions that were refused for a fault"] = told.refusals.total()
    counts["load: pictures whose acceptance was not told, and ended all the same"] = len(
        by_id.keys() - told.pictures.keys()
    )
    counts[f"load: faults injected in {MINUTES:g} minutes, seed {SEED}"] = weather.injected.total()

    assert len(weather.injected) > 10, weather.injected
    assert told.pictures.keys() <= by_id.keys()
    assert len(labelled) + len(failed) == len(told.pictures)
    assert {told.pictures[image] for image in failed} <= {BROKEN}
    assert BROKEN not in {told.pictures[image] for image in labelled}
    assert {image: ended[image] for image in by_id if ended[image] != 1} == {}
    assert by_id.keys() <= application.pictures()
    assert not told.unknown
    assert not [status for status in told.refusals if status.startswith("4") and status != "429"]
