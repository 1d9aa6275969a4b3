"""Lambda and its logs and metrics."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.gaps.conftest import Eventually, World, zipped

GREET = "def handle(event, context):\n    print('hello')\n    return event\n"
# It says that it has begun where the event tells it to.
SLOW = """
import pathlib, time
def handle(event, context):
    pathlib.Path(event).touch()
    time.sleep(60)
"""


def invocations(world: World, function: str) -> float:
    now = datetime.now(UTC)
    found = world.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Invocations",
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
        Period=7200,
        Statistics=["Sum"],
    )
    return float(sum(point["Sum"] for point in found["Datapoints"]))


def test_a_function_sees_the_emulator_s_own_packages(world: World) -> None:
    """So a package may lack what it needs and still run here: components test their zip alone."""
    code = "import samtranslator\ndef handle(event, context): return samtranslator.__file__\n"

    assert "site-packages" in world.invoke(world.function(code))


def test_a_function_runs_under_the_emulator_s_own_python(world: World) -> None:
    """So native wheels are built for this machine where it is not Lambda's."""
    code = "import sys\ndef handle(event, context): return sys.executable\n"

    assert str(world.cloud.settings.environments) in world.invoke(world.function(code))


def test_a_direct_invocation_is_counted(world: World) -> None:
    """The one way to a metric of Lambda's own; calls through APIs and streams are not counted."""
    function = world.function(GREET)

    world.invoke(function)

    assert invocations(world, function) == 1


def test_a_function_without_permission_to_log_logs(world: World) -> None:
    """So permissions on log groups are asserted in the components' own tests."""
    function = world.function(GREET, world.role())
    world.invoke(function, {})

    events = world.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{function}")[
        "events"
    ]

    assert "hello" in [event["message"].strip() for event in events]


def test_new_code_ends_a_worker_that_is_answering(
    world: World, tmp_path: Path, eventually: Eventually
) -> None:
    """So a request may fail here while its function is updated; Lambda lets it finish."""
    function, begun = world.function(SLOW, Timeout=90), tmp_path / "begun"

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(world.invoke, function, str(begun))
        eventually(begun.exists)
        world.client("lambda").update_function_code(FunctionName=function, ZipFile=zipped(GREET))

        assert (
            answer.result(timeout=30)["errorMessage"] == "Worker process died"
        )  # deadline: it sleeps for 60 s


def test_log_events_have_no_id(world: World) -> None:
    """So `make logs` tells them apart by what they say."""
    function = world.function(GREET)
    world.invoke(function, {})

    events = world.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{function}")[
        "events"
    ]

    assert [event for event in events if "eventId" in event] == []
