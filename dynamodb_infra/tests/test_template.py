from typing import Any

import pytest


@pytest.fixture
def table(template: dict[str, Any]) -> dict[str, Any]:
    assert list(template["Resources"]) == ["Table"]
    resource: dict[str, Any] = template["Resources"]["Table"]
    assert resource["Type"] == "AWS::DynamoDB::Table"
    return resource


def test_the_table_has_the_name_and_the_key_that_the_others_expect(table: dict[str, Any]) -> None:
    assert table["Properties"]["TableName"] == "ImageLabels"
    assert table["Properties"]["KeySchema"] == [{"AttributeName": "Id", "KeyType": "HASH"}]


def test_every_key_is_text(table: dict[str, Any]) -> None:
    definitions = table["Properties"]["AttributeDefinitions"]
    assert {each["AttributeName"]: each["AttributeType"] for each in definitions} == {
        "Id": "S",
        "PendingShard": "S",
        "PendingSince": "S",
    }


def test_the_table_survives_its_stack(table: dict[str, Any]) -> None:
    assert table["DeletionPolicy"] == "RetainExceptOnCreate"
    assert table["UpdateReplacePolicy"] == "Retain"


def test_rows_expire_at_the_time_that_they_carry(table: dict[str, Any]) -> None:
    assert table["Properties"]["TimeToLiveSpecification"] == {
        "AttributeName": "ExpiresAt",
        "Enabled": True,
    }


def test_the_table_can_be_restored_to_any_second(table: dict[str, Any]) -> None:
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True,
        "RecoveryPeriodInDays": {"Ref": "RecoveryDays"},
    }


def test_the_table_is_encrypted_with_a_key_whose_use_is_on_record(table: dict[str, Any]) -> None:
    assert table["Properties"]["SSESpecification"] == {"SSEEnabled": True}


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
