import json
import re
from typing import Any

import pytest
import yaml
from cfnlint.decode import cfn_yaml

from invoke_labeller import batch, sweep_handler
from invoke_labeller.config import LabellerConfig, SweepConfig
from invoke_labeller.status import CLASSIFIED, FAILED, NOT_CLASSIFIED
from tests.support import ROOT, readme_table, record

TEMPLATE: dict[str, Any] = cfn_yaml.load(str(ROOT / "template.yml"))
PARAMETERS, RESOURCES = TEMPLATE["Parameters"], TEMPLATE["Resources"]
TABLE = {"Fn::ImportValue": {"Fn::Sub": "${DynamoDBStackName}-TableArn"}}
BUCKET = {"Fn::ImportValue": {"Fn::Sub": "${S3StackName}-ImagesBucketArn"}}
INDEX = {"Fn::ImportValue": {"Fn::Sub": "${DynamoDBStackName}-PendingIndexName"}}


def properties(name: str) -> dict[str, Any]:
    found: dict[str, Any] = RESOURCES[name]["Properties"]
    return found


def allowed(role: str) -> list[tuple[list[str], Any]]:
    """What a role may do: the actions and the resource of each statement."""
    (policy,) = properties(role)["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    assert {statement["Effect"] for statement in statements} == {"Allow"}
    return [
        (actions if isinstance(actions := each["Action"], list) else [actions], each["Resource"])
        for each in statements
    ]


def common(log_group: str) -> list[tuple[list[str], Any]]:
    return [
        (["sqs:SendMessage"], {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}),
        (["logs:CreateLogStream", "logs:PutLogEvents"], {"Fn::GetAtt": [log_group, "Arn"]}),
        (["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
    ]


def test_the_labeller_may_do_what_it_does_and_no_more() -> None:
    prefix = "${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}"

    assert allowed("Role") == [
        (
            [
                "dynamodb:DescribeStream",
                "dynamodb:GetRecords",
                "dynamodb:GetShardIterator",
                "dynamodb:ListStreams",
            ],
            {"Fn::Sub": ["${Table}/stream/*", {"Table": TABLE}]},
        ),
        (["dynamodb:GetItem", "dynamodb:UpdateItem"], TABLE),
        (["s3:GetObject"], {"Fn::Sub": ["${Bucket}/*", {"Bucket": BUCKET}]}),
        (["s3:ListBucket"], BUCKET),
        (["sagemaker:InvokeEndpoint"], {"Fn::Sub": f"arn:{prefix}:endpoint/${{EndpointName}}"}),
        *common("LogGroup"),
    ]


def test_the_sweep_may_do_what_it_does_and_no_more() -> None:
    names = {"Table": TABLE, "Index": INDEX}

    assert allowed("SweepRole") == [
        (["dynamodb:Query"], {"Fn::Sub": ["${Table}/index/${Index}", names]}),
        (["dynamodb:UpdateItem"], TABLE),
        *common("SweepLogGroup"),
    ]


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
    sweep = {"Fn::GetAtt": ["SweepFunction", "Arn"]}

    assert allowed("ScheduleRole") == [(["lambda:InvokeFunction"], sweep)]
    assert properties("Schedule")["Target"]["Arn"] == sweep


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
    assert passes(record("a", 1, "MODIFY", Status=NOT_CLASSIFIED))
    assert not passes(record("a", 1, "MODIFY", Status=CLASSIFIED))
    assert not passes(record("a", 1, "MODIFY", Status=FAILED))
    assert not passes(record("a", 1, "REMOVE"))


def test_the_functions_are_told_what_their_configuration_asks_for() -> None:
    shared = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    values = dict.fromkeys(shared, "1")

    def variables(name: str) -> dict[str, str]:
        return values | dict.fromkeys(properties(name)["Environment"]["Variables"], "1")

    assert LabellerConfig.from_environment(variables("Function")).endpoint_name == "1"
    assert SweepConfig.from_environment(variables("SweepFunction")).max_sweeps == 1


def test_the_sweep_is_told_its_limits_and_comes_as_often_as_it_should() -> None:
    variables = properties("SweepFunction")["Environment"]["Variables"]
    schedule = properties("Schedule")

    assert variables["SWEEP_AFTER_MINUTES"] == {"Ref": "SweepAfterMinutes"}
    assert variables["MAX_SWEEPS"] == {"Ref": "MaxSweeps"}
    assert schedule["ScheduleExpression"] == {"Fn::Sub": "rate(${SweepRateMinutes} minutes)"}
    assert "State" not in schedule


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


def test_what_fails_for_good_is_told_to_an_encrypted_queue_for_two_weeks() -> None:
    queue = {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}

    mapping = properties("EventSourceMapping")["DestinationConfig"]
    sweep = properties("SweepFunction")["EventInvokeConfig"]["DestinationConfig"]
    assert mapping["OnFailure"]["Destination"] == sweep["OnFailure"]["Destination"] == queue
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


def test_the_sweep_outlasts_a_day_by_default() -> None:
    minutes = PARAMETERS["MaxSweeps"]["Default"] * PARAMETERS["SweepAfterMinutes"]["Default"]

    assert minutes >= 24 * 60


def test_every_parameter_is_grouped_and_described_in_a_sentence() -> None:
    groups = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]

    assert sorted(name for group in groups for name in group["Parameters"]) == sorted(PARAMETERS)
    for declared in PARAMETERS.values():
        assert declared["Description"].endswith(".")
        assert "Default" in declared


@pytest.mark.parametrize("environment", ["test", "staging", "production"])
def test_an_environment_passes_only_what_the_template_takes(environment: str) -> None:
    given = yaml.safe_load((ROOT / "parameters" / f"{environment}.yml").read_text())

    for name, value in given.items():
        declared = PARAMETERS[name]
        assert value in declared.get("AllowedValues", [value])
        assert declared.get("MinValue", value) <= value <= declared.get("MaxValue", value)


def test_every_output_is_exported_under_the_stacks_name() -> None:
    assert list(TEMPLATE["Outputs"]) == [
        "FunctionName",
        "SweepFunctionName",
        "DeadLetterQueueName",
        "DeadLetterQueueUrl",
    ]
    for name, output in TEMPLATE["Outputs"].items():
        assert output["Description"].endswith(".")
        assert output["Export"]["Name"] == {"Fn::Sub": f"${{AWS::StackName}}-{name}"}


def test_the_readme_lists_the_parameters_with_their_defaults() -> None:
    assert {name: cells[0] for name, cells in readme_table("Parameters").items()} == {
        name: f"`{declared['Default']}`" if declared["Default"] != "" else "(empty)"
        for name, declared in PARAMETERS.items()
    }


def test_the_readme_lists_the_outputs() -> None:
    assert list(readme_table("Outputs")) == list(TEMPLATE["Outputs"])


def test_the_readme_lists_the_metrics() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))

    emitted = set(re.findall(r'"(Images\w+|LabelLatency)"', sources))

    assert set(readme_table("Metrics")) == emitted


def test_the_template_stays_readable() -> None:
    assert 80 <= len((ROOT / "template.yml").read_text().splitlines()) <= 250
