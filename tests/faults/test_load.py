"""The application under load while faults come and go: what was submitted is labelled, once."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from local_aws.cloud import Cloud

from tests.application import PHOTOGRAPHS, Application, broken_picture, eventually, upload
from tests.faults import matrix
from tests.faults.functions import SERVICES, Deployed, redirection
from tests.faults.random_faults import RandomFaults
from tests.faults.submitters import Submitters
from tests.faults.vocabulary import FAULTS
from tests.faults.wire import Wire

MINUTES = float(os.environ.get("IMAGELABELLER_FAULT_MINUTES", "1"))
SEED = int(os.environ.get("IMAGELABELLER_FAULT_SEED", "20261125"))
PAUSE = 1.0
LEFT_OUT = {
    "dripping",  # takes the whole load's time
    "corrupted",  # botocore takes it for an answer where it comes twice; TLS lets none through
}


@contextmanager
def rewired(deployed: Deployed, wires: dict[str, Wire]) -> Iterator[None]:
    """Send the deployed functions' SDKs over wires for the block."""

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
def injector(cloud: Cloud) -> Iterator[RandomFaults]:
    """Wires before the deployed functions, and the faults of the whole matrix to come over them."""
    faults: dict[str, list[str]] = {}
    for row in matrix.rows():
        if row.operation in SERVICES and row.fault in FAULTS and row.fault not in LEFT_OUT:
            faults.setdefault(row.operation, []).append(row.fault)
    injector = RandomFaults(faults, SEED)
    deployed = Deployed(cloud)
    with ExitStack() as stack:
        wires = stack.enter_context(deployed.wires())
        for wire in wires.values():
            wire.plan = injector
        stack.enter_context(rewired(deployed, wires))
        yield injector


@pytest.mark.timeout(60 * MINUTES + 600)
def test_what_is_submitted_while_faults_come_and_go_is_labelled_once(
    cloud: Cloud, injector: RandomFaults, tmp_path: Path, counts: Counter[str]
) -> None:
    application = Application(cloud)
    before = {row["Id"] for row in application.rows()}
    urls = [upload(cloud, path) for path in (*PHOTOGRAPHS, broken_picture(tmp_path))]

    with Submitters(application, urls, PAUSE) as clients, injector.changing():
        time.sleep(60 * MINUTES)

    def rows() -> dict[str, dict[str, Any]]:
        return {row["Id"]: row for row in application.rows() if row["Id"] not in before}

    def all_ended() -> bool:
        waiting = any(row["Status"] == "NOT_CLASSIFIED" for row in rows().values())
        if waiting:
            application.invoke("SweepFunctionName", {"olderThanSeconds": 10})
        return not waiting

    eventually(all_ended, timeout=300)
    found, accepted, ended = rows(), clients.accepted.keys(), application.times_ended()
    labelled = {image for image, row in found.items() if row["Status"] == "CLASSIFIED"}
    failed = {image for image, row in found.items() if row.get("FailureReason")}
    counts["load: pictures whose acceptance was reported to clients"] = len(accepted)
    counts["load: of these labelled, once"] = len(accepted & labelled)
    counts["load: of these failed with a reason"] = len(accepted & failed)
    counts["load: submissions that were refused for a fault"] = clients.refused.total()
    counts["load: pictures whose acceptance was not reported, and that ended anyway"] = len(
        found.keys() - accepted
    )
    counts[f"load: faults injected in {MINUTES:g} minutes, seed {SEED}"] = injector.injected.total()

    assert len(injector.injected) > min(10, 5 * MINUTES), injector.injected
    assert accepted <= found.keys()
    assert labelled | failed == found.keys()
    key = urlsplit(urls[-1]).path
    assert failed == {image for image, row in found.items() if key in row["SourceUrl"]}
    assert {image: ended[image] for image in found if ended[image] != 1} == {}
    assert found.keys() <= application.pictures()
    assert clients.contradictions() == {}
    # Nobody but us is at fault.
    assert {answer for answer in clients.refused if answer.startswith("4")} <= {"429"}
