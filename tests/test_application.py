"""The application as a whole, deployed from its templates and packages to the embedded cloud."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from local_aws.cloud import Cloud
from local_aws.labelling import lend
from local_aws.plans import ENDPOINT

from local_aws import processes
from tests.application import PHOTOGRAPHS, Application, broken_picture, eventually
from tests.house import HOUSE

# As in the template of invoke_labeller.
MAX_SWEEPS = 96


@pytest.fixture(scope="module")
def application(cloud: Cloud) -> Application:
    return Application(cloud)


@pytest.fixture
def endpoint_down(cloud: Cloud) -> Iterator[Callable[[], None]]:
    """Stop the model's endpoint; the value starts it again."""
    processes.stop(cloud.server(ENDPOINT).process)
    yield cloud.up
    cloud.up()


@pytest.mark.timeout(600)
def test_the_shared_system_tests_pass(cloud: Cloud) -> None:
    done = subprocess.run(
        ["make", "-C", str(HOUSE / "system_tests"), "system-test"],
        env=os.environ | cloud.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_burst_of_pictures_is_labelled_exactly_once_each(application: Application) -> None:
    urls = [lend(application.cloud, PHOTOGRAPHS[n % len(PHOTOGRAPHS)]) for n in range(40)]

    with ThreadPoolExecutor(8) as pool:
        images = list(pool.map(application.submit, urls))

    assert len(set(images)) == len(urls)
    eventually(lambda: all(application.status(image) == "CLASSIFIED" for image in images))
    labelled = application.times_labelled()
    assert {image: labelled[image] for image in images} == dict.fromkeys(images, 1)


def test_a_record_that_is_delivered_again_changes_nothing(application: Application) -> None:
    image = application.submit(lend(application.cloud, PHOTOGRAPHS[0]))
    eventually(lambda: application.status(image) == "CLASSIFIED")
    before = application.row(image)
    record = next(
        change
        for change in application.changes()
        if change["eventName"] == "INSERT" and change["dynamodb"]["Keys"]["Id"]["S"] == image
    )

    result = application.invoke("FunctionName", {"Records": [record, record]})

    assert result == {"batchItemFailures": []}
    assert application.row(image) == before
    assert application.times_labelled()[image] == 1


@pytest.mark.timeout(600)
def test_pictures_wait_for_an_endpoint_that_is_down_and_none_is_lost(
    application: Application, endpoint_down: Callable[[], None]
) -> None:
    images = [application.submit(lend(application.cloud, photo)) for photo in PHOTOGRAPHS]
    # Long enough for the stream to have tried them.
    eventually(lambda: len(application.changes()) > 0)
    time.sleep(3)
    waiting = [application.status(image) for image in images]

    endpoint_down()
    application.invoke("SweepFunctionName", {"olderThanSeconds": 0})

    assert waiting == ["NOT_CLASSIFIED"] * len(images)
    eventually(lambda: all(application.status(image) == "CLASSIFIED" for image in images))
    labelled = application.times_labelled()
    assert {image: labelled[image] for image in images} == dict.fromkeys(images, 1)


@pytest.mark.timeout(600)
def test_the_schedule_alone_brings_back_what_waits_and_gives_up_what_is_hopeless(
    application: Application, endpoint_down: Callable[[], None]
) -> None:
    # given two pictures that the stream has given up on, one of them after its last sweep
    photographs = [lend(application.cloud, photo) for photo in PHOTOGRAPHS[:2]]
    waiting, hopeless = images = [application.submit(url) for url in photographs]
    eventually(lambda: all(application.times_tried(image) >= 1 for image in images))
    application.age(waiting, attempts=0)
    application.age(hopeless, attempts=MAX_SWEEPS)
    eventually(lambda: all(application.times_tried(image) >= 2 for image in images))

    # when nobody asks for a sweep
    endpoint_down()

    # then it comes all the same
    eventually(lambda: application.status(waiting) == "CLASSIFIED")
    eventually(lambda: application.status(hopeless) == "FAILED")
    assert "many attempts" in application.row(hopeless)["FailureReason"]
    assert application.row(waiting)["Attempts"] >= 1


def test_a_picture_that_cannot_be_decoded_fails_with_a_reason(
    application: Application, tmp_path: Any
) -> None:
    image = application.submit(lend(application.cloud, broken_picture(tmp_path)))

    eventually(lambda: application.status(image) == "FAILED")
    row = application.row(image)
    assert row["FailureReason"]
    assert "PendingSince" not in row
