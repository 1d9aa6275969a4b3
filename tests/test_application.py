"""The application as a whole, deployed from its templates and packages to the embedded cloud."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from local_aws.cloud import Cloud
from local_aws.servers import processes
from local_aws.servers.plans import ENDPOINT

from tests.application import PHOTOGRAPHS, Application, broken_picture, eventually, upload
from tests.project import PROJECT


@pytest.fixture(scope="module")
def application(cloud: Cloud) -> Application:
    return Application(cloud)


@pytest.fixture
def endpoint_down(cloud: Cloud) -> Iterator[Callable[[], None]]:
    """Stop the model's endpoint; the value starts it again."""
    processes.stop_all([cloud.server(ENDPOINT).process])
    yield cloud.up
    cloud.up()


def test_a_burst_of_pictures_is_labelled_exactly_once_each(application: Application) -> None:
    urls = [upload(application.cloud, PHOTOGRAPHS[n % len(PHOTOGRAPHS)]) for n in range(40)]

    with ThreadPoolExecutor(8) as pool:
        images = list(pool.map(application.submit, urls))

    assert len(set(images)) == len(urls)
    eventually(lambda: all(application.status(image) == "CLASSIFIED" for image in images))
    labelled = application.times_labelled()
    assert {image: labelled[image] for image in images} == dict.fromkeys(images, 1)


def test_a_record_that_is_delivered_again_changes_nothing(application: Application) -> None:
    image = application.submit(upload(application.cloud, PHOTOGRAPHS[0]))
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
    images = [application.submit(upload(application.cloud, photo)) for photo in PHOTOGRAPHS]
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
def test_the_schedule_alone_brings_back_what_waits_and_what_was_given_up_can_be_requeued(
    cloud: Cloud, application: Application, endpoint_down: Callable[[], None]
) -> None:
    # given two pictures that the stream has given up on, one of them with its last attempt ahead
    photographs = [upload(application.cloud, photo) for photo in PHOTOGRAPHS[:2]]
    waiting, failing = images = [application.submit(url) for url in photographs]
    eventually(lambda: all(application.times_tried(image) >= 1 for image in images))
    application.age(waiting)
    application.age(failing, last_attempt=True)
    eventually(lambda: application.status(failing) == "FAILED")
    assert application.row(failing)["FailureCode"] == "model-unavailable"

    # when nobody asks for a sweep
    endpoint_down()

    # then it comes all the same
    eventually(lambda: application.status(waiting) == "CLASSIFIED")
    assert application.row(waiting)["Attempts"] >= 1

    # and what was given up is labelled when it is asked for
    requeue = subprocess.run(
        ["make", "requeue", "REASON=model-unavailable"],
        cwd=PROJECT,
        env=os.environ | {"IMAGELABELLER_STATE": str(cloud.settings.state)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert requeue.stdout.startswith("1 picture waits for labels again."), requeue
    eventually(lambda: application.status(failing) == "CLASSIFIED")
    assert "FailureCode" not in application.row(failing)


def test_a_picture_that_cannot_be_decoded_fails_with_a_reason(
    application: Application, tmp_path: Any
) -> None:
    image = application.submit(upload(application.cloud, broken_picture(tmp_path)))

    eventually(lambda: application.status(image) == "FAILED")
    row = application.row(image)
    assert row["FailureReason"]
    assert "PendingSince" not in row
