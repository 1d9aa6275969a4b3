import boto3
import pytest
from botocore.stub import Stubber
from mypy_boto3_dynamodb import DynamoDBClient

from invoke_labeller.errors import TransientError
from invoke_labeller.failure import Failure, FailureCode
from invoke_labeller.ports import Label, Waiting
from invoke_labeller.table import Table
from tests.conftest import TABLE, insert, row
from tests.support import REGION, START

MISSING = Failure(FailureCode.PICTURE_MISSING, "The picture is no longer stored.", START)
LABELS = (Label("Egyptian cat", 0.5712345678), Label("tabby", 1e-300))


def table(client: DynamoDBClient, name: str = TABLE) -> Table:
    return Table(client, name, "inception", "3.0.2")


def test_a_row_waits_until_it_is_labelled(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "a")

    assert table(dynamodb).waiting("a") == Waiting(is_last_attempt=False)
    table(dynamodb).classify("a", LABELS, START)
    assert table(dynamodb).waiting("a") is None
    assert table(dynamodb).waiting("unknown") is None


def test_a_row_says_when_its_last_attempt_has_come(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "a", LastAttemptAt="2026-11-23T07:51:10.623Z")

    assert table(dynamodb).waiting("a") == Waiting(is_last_attempt=True)


def test_a_row_says_which_file_was_checked(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "a", Sha256="0c" * 32)

    assert table(dynamodb).waiting("a") == Waiting(sha256="0c" * 32)


def test_a_row_that_was_just_written_is_seen() -> None:
    client = boto3.client("dynamodb", REGION)
    with Stubber(client) as stubber:
        stubber.add_response(
            "get_item",
            {"Item": {"Status": {"S": "NOT_CLASSIFIED"}}},
            {
                "TableName": TABLE,
                "Key": {"Id": {"S": "a"}},
                "ConsistentRead": True,
                "ProjectionExpression": "#Status, LastAttemptAt, Sha256",
                "ExpressionAttributeNames": {"#Status": "Status"},
            },
        )

        assert table(client).waiting("a")


def test_a_label_is_written_as_the_contract_says(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "a", SweptSince="2026-11-23T07:51:10.623Z", LastAttemptAt="2026-11-23")

    assert table(dynamodb).classify("a", LABELS, START)

    assert row(dynamodb, "a") == {
        "Id": {"S": "a"},
        "Status": {"S": "CLASSIFIED"},
        "Label": {"S": "Egyptian cat, tabby"},
        "Labels": {
            "L": [
                {"M": {"Name": {"S": "Egyptian cat"}, "Confidence": {"N": "0.571235"}}},
                {"M": {"Name": {"S": "tabby"}, "Confidence": {"N": "0.000000"}}},
            ]
        },
        "Model": {"M": {"Name": {"S": "inception"}, "Version": {"S": "3.0.2"}}},
        "SubmittedAt": {"S": "2026-11-23T07:51:10.623Z"},
        "ClassifiedAt": {"S": "2026-11-23T07:51:11.123Z"},
        "SourceUrl": {"S": "https://example.org/cat.jpg"},
    }


def test_a_row_is_marked_where_its_picture_was_incomplete(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "a")

    assert table(dynamodb).classify("a", LABELS, START, incomplete=True)

    assert row(dynamodb, "a")["Incomplete"] == {"BOOL": True}
    assert row(dynamodb, "a")["Status"] == {"S": "CLASSIFIED"}


def test_a_failure_is_written_and_the_row_leaves_the_index(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "a", SweptSince="2026-11-23T07:51:10.623Z", LastAttemptAt="2026-11-23")

    assert table(dynamodb).fail("a", MISSING)

    assert row(dynamodb, "a") == {
        "Id": {"S": "a"},
        "Status": {"S": "FAILED"},
        "Label": {"S": "FAILED"},
        "FailureCode": {"S": "picture-missing"},
        "FailureReason": {"S": "The picture is no longer stored."},
        "FailedAt": {"S": "2026-11-23T07:51:11.123Z"},
        "SubmittedAt": {"S": "2026-11-23T07:51:10.623Z"},
        "SourceUrl": {"S": "https://example.org/cat.jpg"},
    }


def test_a_row_is_finished_once(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "a")
    table(dynamodb).classify("a", LABELS, START)
    labelled = row(dynamodb, "a")

    assert not table(dynamodb).classify("a", (Label("pug", 1.0),), START)
    assert not table(dynamodb).fail("a", MISSING)
    assert row(dynamodb, "a") == labelled


def test_a_deleted_row_is_not_resurrected(dynamodb: DynamoDBClient) -> None:
    assert not table(dynamodb).classify("a", LABELS, START)
    assert not table(dynamodb).fail("a", MISSING)
    assert row(dynamodb, "a") == {}


def test_a_table_that_does_not_answer_is_transient(dynamodb: DynamoDBClient) -> None:
    elsewhere = table(dynamodb, "Elsewhere")

    with pytest.raises(TransientError, match="The row cannot be read: ResourceNotFoundException"):
        elsewhere.waiting("a")
    with pytest.raises(TransientError, match="The row cannot be written"):
        elsewhere.classify("a", LABELS, START)
    with pytest.raises(TransientError, match="The row cannot be written"):
        elsewhere.fail("a", MISSING)
