import json
import re
from typing import Any

import pytest
import yaml
from cfnlint.decode import cfn_yaml

from invoke_labeller import batch, clients, sweep, sweep_handler
from invoke_labeller.row import Status
from invoke_labeller.settings import LabelSettings, SweepSettings
from tests.support import ROOT, readme_table, record

TEMPLATE: dict[str, Any] = cfn_yaml.load(str(ROOT / "template.yml"))
PARAMETERS, RESOURCES = TEMPLATE["Parameters"], TEMPLATE["Resources"]


def properties(name: str) -> dict[str, Any]:
    found: dict[str, Any] = RESOURCES[name]["Properties"]
    return found


def test_no_row_is_returned_to_the_sweep() -> None:
    (policy,) = properties("SweepRole")["Policies"]
    conditions = {
        statement["Action"]: statement["Condition"]
        for statement in policy["PolicyDocument"]["Statement"]
        if "Condition" in statement
    }

    # A request that names nothing to return has the key as NONE, or not at all.
    assert conditions == {
        "dynamodb:UpdateItem": {"StringEqualsIfExists": {"dynamodb:ReturnValues": "NONE"}}
    }


def test_the_schedule_may_invoke_the_sweep_alone() -> None:
    function = {"Fn::GetAtt": ["SweepFunction", "Arn"]}
    (policy,) = properties("ScheduleRole")["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]

    assert (statement["Action"], statement["Resource"]) == ("lambda:InvokeFunction", function)
    assert properties("Schedule")["Target"]["Arn"] == function


@pytest.mark.parametrize(
    ("role", "service"),
    [
        ("Role", "lambda.amazonaws.com"),
        ("SweepRole", "lambda.amazonaws.com"),
        ("ScheduleRole", "scheduler.amazonaws.com"),
    ],
)
def test_a_role_is_assumed_by_its_service_alone(role: str, service: str) -> None:
    (statement,) = properties(role)["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": service}
    assert "RoleName" not in properties(role)


def test_the_filter_passes_waiting_rows_and_not_the_labellers_own_writes() -> None:
    (one,) = properties("EventSourceMapping")["FilterCriteria"]["Filters"]
    pattern = json.loads(one["Pattern"])

    def passes(event: dict[str, Any]) -> bool:
        status = event["dynamodb"]["NewImage"]["Status"]["S"]
        statuses = pattern["dynamodb"]["NewImage"]["Status"]["S"]
        return event["eventName"] in pattern["eventName"] and status in statuses

    assert passes(record("a", 1))
    assert passes(record("a", 1, "MODIFY", Status=Status.NOT_CLASSIFIED))
    assert not passes(record("a", 1, "MODIFY", Status=Status.CLASSIFIED))
    assert not passes(record("a", 1, "MODIFY", Status=Status.FAILED))
    assert not passes(record("a", 1, "REMOVE"))


def test_the_functions_are_reported_what_their_settingsuration_asks_for() -> None:
    shared = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    values = dict.fromkeys(shared, "1")

    def variables(name: str) -> dict[str, str]:
        return values | dict.fromkeys(properties(name)["Environment"]["Variables"], "1")

    assert LabelSettings.from_environment(variables("Function")).endpoint_name == "1"
    assert SweepSettings.from_environment(variables("SweepFunction")).failed_index_name == "1"


@pytest.mark.parametrize(
    "name", ["BatchSize", "MaximumBatchingWindowInSeconds", "ParallelizationFactor"]
)
def test_a_property_of_the_mapping_is_the_parameter_of_its_name(name: str) -> None:
    assert properties("EventSourceMapping")[name] == {"Ref": name}


def test_each_thread_has_a_connection() -> None:
    assert properties("Function")["Environment"]["Variables"]["THREADS"] == {"Ref": "Threads"}
    for config in (clients.STORE, clients.ENDPOINT):
        assert config.max_pool_connections >= PARAMETERS["Threads"]["MaxValue"]  # type: ignore[attr-defined] # set at run time
    assert clients.CONNECTIONS >= sweep.THREADS


def test_the_memory_holds_the_largest_pictures_and_is_the_parameter_of_its_name() -> None:
    function = properties("Function")

    assert function["MemorySize"] == {"Ref": "MemorySize"}
    assert PARAMETERS["MemorySize"]["MinValue"] == 1769


def test_the_sweep_gets_its_limits_and_runs_as_often_as_it_should() -> None:
    variables = properties("SweepFunction")["Environment"]["Variables"]
    schedule = properties("Schedule")

    assert variables["SWEEP_AFTER_MINUTES"] == {"Ref": "SweepAfterMinutes"}
    assert variables["GIVE_UP_AFTER_HOURS"] == {"Ref": "GiveUpAfterHours"}
    assert variables["SWEEP_LIMIT"] == {"Ref": "SweepLimit"}
    assert schedule["ScheduleExpression"] == {"Fn::Sub": "rate(${SweepRateMinutes} minutes)"}
    assert "State" not in schedule
    assert json.loads(schedule["Target"]["Input"]) == {"caller": "schedule"}


@pytest.mark.parametrize(
    ("name", "reserved"),
    [
        ("Function", batch.RESERVED_MILLISECONDS),
        ("SweepFunction", sweep_handler.RESERVED_MILLISECONDS),
    ],
)
def test_a_function_has_time_beyond_what_it_keeps_back(name: str, reserved: int) -> None:
    assert properties(name)["Timeout"] * 1000 >= reserved + 30_000


def test_the_look_up_of_a_name_is_given_up_soon() -> None:
    shared = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]

    assert shared["RES_OPTIONS"] == "timeout:1 attempts:2"


def test_rows_from_before_the_stack_are_labelled_too() -> None:
    assert properties("EventSourceMapping")["StartingPosition"] == "TRIM_HORIZON"


@pytest.mark.parametrize("name", ["Function", "SweepFunction"])
def test_a_handler_is_in_the_sources(name: str) -> None:
    *module, handler = properties(name)["Handler"].split(".")

    source = (ROOT / "src" / "/".join(module)).with_suffix(".py").read_text()

    assert re.search(rf"^{handler} = ", source, re.MULTILINE)


def test_permanent_failures_are_sent_to_an_encrypted_queue_for_two_weeks() -> None:
    queue = {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}

    mapping = properties("EventSourceMapping")["DestinationConfig"]
    invoked = properties("SweepFunction")["EventInvokeConfig"]["DestinationConfig"]
    assert mapping["OnFailure"]["Destination"] == invoked["OnFailure"]["Destination"] == queue
    assert properties("DeadLetterQueue") == {
        "SqsManagedSseEnabled": True,
        "MessageRetentionPeriod": 14 * 86_400,
    }
    (statement,) = properties("DeadLetterQueuePolicy")["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("open-devops-image-labeller", True),
        ("a", True),
        ("a" * 63, True),
        ("a" * 64, False),
        ("OpenDevOpsImageLabeller", False),
        ("-a", False),
        ("a-", False),
        ("", False),
        ("*", False),
        ("a/b", False),
    ],
)
def test_an_endpoints_name_is_as_its_arn_will_have_it(
    name: str,
    accepted: bool,  # noqa: FBT001 - the column of a table
) -> None:
    assert bool(re.fullmatch(PARAMETERS["EndpointName"]["AllowedPattern"], name)) is accepted


def test_a_picture_is_kept_for_a_day_by_default() -> None:
    assert PARAMETERS["GiveUpAfterHours"]["Default"] == 24


def test_a_run_reads_as_many_rows_as_it_may_send_again() -> None:
    read = sweep.READ_PER_SHARD * len(sweep.SHARDS)

    assert PARAMETERS["SweepLimit"]["MaxValue"] <= read


def test_a_record_leaves_the_stream_before_its_attempt_is_taken_for_lost() -> None:
    record_age = properties("EventSourceMapping")["MaximumRecordAgeInSeconds"]

    assert record_age <= sweep.LONGEST_WAIT.total_seconds()
    assert properties("Function")["Timeout"] <= sweep.LONGEST_ATTEMPT.total_seconds()


@pytest.mark.parametrize("environment", ["test", "staging", "production"])
def test_an_environment_passes_only_what_the_template_takes(environment: str) -> None:
    given = yaml.safe_load((ROOT / "parameters" / f"{environment}.yml").read_text())

    for name, value in given.items():
        declared = PARAMETERS[name]
        assert value in declared.get("AllowedValues", [value])
        assert declared.get("MinValue", value) <= value <= declared.get("MaxValue", value)


def test_the_readme_lists_the_parameters_with_their_defaults() -> None:
    assert {name: cells[0] for name, cells in readme_table("Parameters").items()} == {
        name: f"`{declared['Default']}`" if declared["Default"] != "" else "(empty)"
        for name, declared in PARAMETERS.items()
    }


def test_the_readme_lists_the_outputs() -> None:
    assert list(readme_table("Outputs")) == list(TEMPLATE["Outputs"])


def test_the_readme_lists_the_metrics() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))

    emitted = set(re.findall(r'"(Images\w+|LabelLatency|ScheduledSweeps)"', sources))

    assert set(readme_table("Metrics")) == emitted
