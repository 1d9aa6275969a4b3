"""What the emulator is listed as not checking, it does not check.

Where it begins to, the application no longer works without it, and the permission belongs among
those whose use is recorded.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.application import eventually
from tests.privileges import run
from tests.privileges.blind_spots import BLIND_SPOTS
from tests.privileges.recorder import Recorder
from tests.privileges.roles import SWEEP as SWEEP_ROLE
from tests.privileges.roles import Role, over_tls
from tests.privileges.system import INVOKE_LABELLER, SWEEP, System

LOG_GROUPS = [
    "/aws/lambda/OpenDevOpsSubmitImage",
    "/aws/lambda/OpenDevOpsGetImageLabel",
    "/aws/lambda/OpenDevOpsInvokeLabeller",
    "/aws/lambda/OpenDevOpsInvokeLabeller-Sweep",
]
TIMEOUT = 30


def unseen(role: str) -> list[str]:
    return [spot.action for spot in BLIND_SPOTS if spot.role == role]


@pytest.fixture(autouse=True)
def _nothing_but_what_is_seen(deployed: dict[str, Role]) -> Iterator[None]:
    with ExitStack() as stack:
        for role in deployed.values():
            stack.enter_context(role.without(*unseen(role.key)))
        yield


@pytest.fixture
def queue(system: System) -> System:
    """The application with an empty dead-letter queue."""
    system.forget_given_up()
    return system


def test_the_application_works_without_it(
    system: System, recorder: Recorder, tmp_path: Path
) -> None:
    before = {group: system.logged(group) for group in LOG_GROUPS}

    with recorder.recording() as calls:
        run.everything(system, tmp_path)

    assert [call for call in calls if not call.allowed] == []
    assert [group for group in LOG_GROUPS if system.logged(group) <= before[group]] == []


def test_what_the_stream_gave_up_is_delivered_without_it(queue: System) -> None:
    name = queue.function(INVOKE_LABELLER)
    with queue.broken_labeller(), queue.mapping(MaximumRecordAgeInSeconds=1):
        queue.add_row()
        eventually(lambda: name in str(queue.given_up()), TIMEOUT)


def test_a_failed_sweep_is_delivered_without_it(queue: System, deployed: dict[str, Role]) -> None:
    name = queue.function(SWEEP)
    with deployed[SWEEP_ROLE].without("dynamodb:Query", *unseen(SWEEP_ROLE)):
        queue.tell(SWEEP, {"olderThanSeconds": 0})
        eventually(lambda: name in str(queue.given_up()), TIMEOUT)


def test_a_write_gives_the_sweep_the_row_although_it_may_not_ask_for_that(
    system: System, deployed: dict[str, Role]
) -> None:
    image = system.add_row(SourceUrl="https://localhost/?signature=x")
    dynamodb = over_tls(deployed[SWEEP_ROLE].session(), "dynamodb", system.cloud.url)

    answer = dynamodb.update_item(
        TableName="ImageLabels", Key={"Id": {"S": image}}, ReturnValues="ALL_NEW"
    )

    assert "SourceUrl" in answer["Attributes"]
