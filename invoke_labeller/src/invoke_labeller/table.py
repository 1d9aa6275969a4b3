"""The table, as the labeller needs it."""

from datetime import datetime
from typing import TYPE_CHECKING

from invoke_labeller.failure import Failure
from invoke_labeller.ports import Label, Waiting
from invoke_labeller.row import Status
from invoke_labeller.times import to_text
from invoke_labeller.transient import transient
from invoke_labeller.waiting_row import DONE, WaitingRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_READ = "#Status, LastAttemptAt, Sha256"


class Table:
    """Implements `Rows`."""

    def __init__(
        self, client: "DynamoDBClient", name: str, model_name: str, model_version: str
    ) -> None:
        self._client = client
        self._name = name
        self._row = WaitingRow(client, name)
        self._model: AttributeValueTypeDef = {
            "M": {"Name": {"S": model_name}, "Version": {"S": model_version}}
        }

    def waiting(self, image_id: str) -> Waiting | None:
        """Return what the row says if it exists and waits, None otherwise."""
        with transient("The row cannot be read"):
            answer = self._client.get_item(
                TableName=self._name,
                Key={"Id": {"S": image_id}},
                ConsistentRead=True,
                ProjectionExpression=_READ,
                ExpressionAttributeNames={"#Status": "Status"},
            )
        return _waiting(answer.get("Item", {}))

    def classify(
        self, image_id: str, labels: tuple[Label, ...], at: datetime, *, incomplete: bool = False
    ) -> bool:
        """Write the labels, best first, once; False where the row no longer waits for them."""
        note: dict[str, AttributeValueTypeDef] = {":true": {"BOOL": True}} if incomplete else {}
        return self._row.update(
            image_id,
            "SET #Status = :classified, Label = :label, Labels = :labels, Model = :model,"
            f" ClassifiedAt = :at{', Incomplete = :true' if note else ''} {DONE}",
            {
                ":classified": {"S": Status.CLASSIFIED},
                ":label": {"S": ", ".join(label.name for label in labels)},
                ":labels": {"L": [_attributes(label) for label in labels]},
                ":model": self._model,
                ":at": {"S": to_text(at)},
                **note,
            },
        )

    def fail(self, image_id: str, failure: Failure) -> bool:
        """Mark the picture FAILED, once; False where the row no longer waits."""
        return self._row.fail(image_id, failure)


def _waiting(row: "Mapping[str, AttributeValueTypeDef]") -> Waiting | None:
    if row.get("Status") != {"S": Status.NOT_CLASSIFIED}:
        return None
    sha256 = row.get("Sha256", {"S": ""})["S"]
    return Waiting(is_last_attempt="LastAttemptAt" in row, sha256=sha256)


def _attributes(label: Label) -> "AttributeValueTypeDef":
    # Six places: DynamoDB refuses the tiny numbers that a softmax may give.
    return {"M": {"Name": {"S": label.name}, "Confidence": {"N": f"{label.confidence:.6f}"}}}
