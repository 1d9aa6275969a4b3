"""A delivery pages nobody, and users who do the same raise the alarm."""

import os
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from alarm_evaluation import Datum, raised
from local_aws.cloud import Cloud

from tests import alarms
from tests.application import PHOTOGRAPHS, Application, broken_picture, eventually, upload
from tests.project import PROJECT

FUNCTIONS = ("SubmitImage", "GetImageLabel", "InvokeLabeller")
# What AWS counts by itself, and what the functions report of the same.
REPORTED = {
    ("AWS/ApiGateway", "5XXError"): ("SubmissionsFailed", "LookUpsFailed"),
}


@dataclass(frozen=True)
class Deployed:
    """The application with its alarms."""

    application: Application
    alarms: dict[str, dict[str, Any]]

    def messages(self, since: float = 0) -> list[str]:
        """What the functions wrote to their logs since then, in seconds since the epoch."""
        cloud = self.application.cloud
        client = cloud.session().client("logs", endpoint_url=cloud.url)
        pages = client.get_paginator("describe_log_groups").paginate()
        groups = [group["logGroupName"] for page in pages for group in page["logGroups"]]
        return [
            event["message"]
            for group in groups
            if any(name in group for name in FUNCTIONS)
            # The emulator shows the first 10,000 from there on, and no page after them.
            for page in client.get_paginator("filter_log_events").paginate(
                logGroupName=group, startTime=int(since * 1000)
            )
            for event in page["events"]
        ]

    def data(self, since: float = 0) -> list[Datum]:
        """What the functions have reported since then, in seconds since the epoch."""
        return [datum for datum in alarms.reported(self.messages(since)) if datum.at >= since]

    def ringing(self, data: list[Datum]) -> set[str]:
        """The alarms on the application's own metrics that this raises."""
        now = time.time()
        return {
            name
            for name, alarm in self.alarms.items()
            if alarm["Namespace"] == "ImageLabeller" and raised(alarm, data, now)
        }


@pytest.fixture(scope="module")
def system(cloud: Cloud) -> Deployed:
    application = Application(cloud)
    return Deployed(application, alarms.deployed(application))


@dataclass(frozen=True)
class Delivery:
    """What one run of the system tests left behind."""

    data: list[Datum]
    messages: list[str]


@pytest.fixture(scope="module")
def delivery(cloud: Cloud, system: Deployed) -> Delivery:
    """Run the shared system tests, as the pipeline of each function does after it deployed it."""
    eventually(lambda: any(each.name == "ScheduledSweeps" for each in system.data()))
    begun = time.time()
    done = subprocess.run(
        ["make", "-C", str(PROJECT / "system_tests"), "system-test"],
        env=os.environ | cloud.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    messages = system.messages(begun)
    schedule = [each for each in system.data() if each.name == "ScheduledSweeps"]
    return Delivery(schedule + [d for d in alarms.reported(messages) if d.at >= begun], messages)


@pytest.mark.timeout(600)
def test_the_shared_system_tests_pass_and_page_nobody(
    system: Deployed, delivery: Delivery, counts: Counter[str]
) -> None:
    received = _total(delivery.data, "SubmissionsReceived")
    failed = _total(delivery.data, "ImagesFailed")

    assert received > 100
    assert failed > 0
    assert system.ringing(delivery.data) == set()
    counts["pictures that the system tests submitted"] += int(received)
    counts["of them failed, as they should"] += int(failed)
    counts["alarms evaluated on what the functions reported"] += sum(
        alarm["Namespace"] == "ImageLabeller" for alarm in system.alarms.values()
    )


@pytest.mark.timeout(600)
def test_they_cause_no_fault_that_aws_would_count(delivery: Delivery) -> None:
    """The thresholds of the alarms on AWS's own counts of errors are zero."""
    faults = [
        each
        for each in delivery.messages
        if "Task timed out" in each or '"level":"ERROR"' in each.replace(" ", "")
    ]

    assert faults == []
    for names in REPORTED.values():
        assert sum(_total(delivery.data, name) for name in names) == 0


@pytest.mark.timeout(600)
def test_the_same_from_users_raises_the_alarm(system: Deployed, delivery: Delivery) -> None:
    users = [
        replace(datum, dimensions=frozenset(d for d in datum.dimensions if d[0] != "Caller"))
        for datum in delivery.data
    ]

    assert "SubmissionsTooHighAlarm" in system.ringing(users)


@pytest.mark.timeout(600)
def test_eleven_submissions_of_users_raise_the_alarm_while_the_tests_run(
    system: Deployed, delivery: Delivery
) -> None:
    # given
    begun = time.time()
    url = upload(system.application.cloud, PHOTOGRAPHS[0])

    # when
    for _ in range(11):
        system.application.submit(url)

    # then
    assert _eventually_rings(system, begun, delivery, "SubmissionsTooHighAlarm")


@pytest.mark.timeout(600)
def test_six_pictures_of_users_that_fail_raise_the_alarm_while_the_tests_run(
    system: Deployed, delivery: Delivery, tmp_path: Path
) -> None:
    # given
    begun = time.time()
    url = upload(system.application.cloud, broken_picture(tmp_path))

    # when
    images = [system.application.submit(url) for _ in range(6)]
    eventually(lambda: all(system.application.status(image) == "FAILED" for image in images))

    # then
    assert _eventually_rings(system, begun, delivery, "ImagesFailedTooHighAlarm")


@pytest.mark.timeout(600)
def test_manual_sweeps_do_not_hide_that_the_schedule_has_stopped(
    system: Deployed, delivery: Delivery
) -> None:
    system.application.invoke("SweepFunctionName", {})
    manual = [datum for datum in delivery.data if datum.name != "ScheduledSweeps"]

    assert "SweepStoppedAlarm" in system.ringing(manual)
    assert "SweepStoppedAlarm" not in system.ringing(delivery.data)


def _total(data: list[Datum], name: str) -> float:
    return sum(sum(each.values) for each in data if each.name == name)


def _eventually_rings(system: Deployed, begun: float, delivery: Delivery, alarm: str) -> bool:
    eventually(lambda: alarm in system.ringing(delivery.data + system.data(begun)), 30)
    return True
