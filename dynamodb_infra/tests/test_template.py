import re
from typing import Any

import pytest
import yaml

from tests.support import ROOT

ATTRIBUTES: dict[str, Any] = yaml.safe_load((ROOT / "row.yml").read_text())["attributes"]


@pytest.fixture
def table(template: dict[str, Any]) -> dict[str, Any]:
    assert list(template["Resources"]) == ["Table"]
    resource: dict[str, Any] = template["Resources"]["Table"]
    assert resource["Type"] == "AWS::DynamoDB::Table"
    return resource


def test_the_table_has_the_name_and_the_key_that_the_others_expect(table: dict[str, Any]) -> None:
    assert table["Properties"]["TableName"] == "ImageLabels"
    assert table["Properties"]["KeySchema"] == [{"AttributeName": "Id", "KeyType": "HASH"}]


def test_every_key_has_the_type_that_the_rows_description_says(table: dict[str, Any]) -> None:
    definitions = table["Properties"]["AttributeDefinitions"]

    for each in definitions:
        assert ATTRIBUTES[each["AttributeName"]]["type"] == each["AttributeType"] == "S"


def test_the_indexes_carry_attributes_that_a_reader_wants(table: dict[str, Any]) -> None:
    carried = {
        name
        for index in table["Properties"]["GlobalSecondaryIndexes"]
        for name in (
            *(key["AttributeName"] for key in index["KeySchema"]),
            *index["Projection"].get("NonKeyAttributes", ()),
        )
    }

    assert all("invoke_labeller" in ATTRIBUTES[name]["read"] for name in carried)


def test_each_attribute_has_a_type_of_dynamodb_and_a_writer() -> None:
    for name, each in ATTRIBUTES.items():
        assert each["type"] in {"S", "N", "BOOL", "L", "M"}, name
        assert each["written"], name


def test_rows_expire_at_the_time_that_they_carry(table: dict[str, Any]) -> None:
    assert ATTRIBUTES["ExpiresAt"]["type"] == "N"
    assert table["Properties"]["TimeToLiveSpecification"] == {
        "AttributeName": "ExpiresAt",
        "Enabled": True,
    }


def test_the_table_can_be_restored_to_any_second(table: dict[str, Any]) -> None:
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True,
        "RecoveryPeriodInDays": {"Ref": "RecoveryDays"},
    }


def test_the_table_costs_nothing_while_nobody_uses_it(table: dict[str, Any]) -> None:
    assert table["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
    assert "ProvisionedThroughput" not in table["Properties"]


def test_production_and_staging_refuse_to_delete_the_table(
    template: dict[str, Any], parameters: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    environment = request.node.callspec.params["parameters"]
    expected = "false" if environment == "test" else "true"
    assert parameters["DeletionProtection"] == expected
    assert template["Parameters"]["DeletionProtection"]["Default"] == "true"


@pytest.mark.parametrize("name", ["WarmWriteUnits", "IndexWarmWriteUnits"])
@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("0", True),
        ("4000", True),
        ("12000", True),
        ("40000", True),
        ("1", False),
        ("3999", False),
        ("40001", False),
        ("400000", False),
    ],
)
def test_warm_throughput_is_none_or_no_less_than_a_new_tables(
    template: dict[str, Any], name: str, value: str, *, verdict: bool
) -> None:
    declared = template["Parameters"][name]

    assert declared["Default"] == "0"
    assert bool(re.match(declared["AllowedPattern"], value)) is verdict


def test_warm_throughput_is_set_where_it_is_asked_for(table: dict[str, Any]) -> None:
    (pending, failed) = table["Properties"]["GlobalSecondaryIndexes"]

    for name, holder in (("WarmWriteUnits", table["Properties"]), ("IndexWarmWriteUnits", pending)):
        condition, given, otherwise = holder["WarmThroughput"]["Fn::If"]
        assert condition == f"Has{name}"
        assert given == {"WriteUnitsPerSecond": {"Ref": name}}
        assert otherwise == {"Ref": "AWS::NoValue"}
    assert "WarmThroughput" not in failed
