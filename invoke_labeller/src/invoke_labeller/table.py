"""The table, as the labeller needs it."""

from datetime import datetime
from typing import TYPE_CHECKING

from invoke_labeller.aws_errors import transient
from invoke_labeller.ports import Label
from invoke_labeller.status import CLASSIFIED, NOT_CLASSIFIED
from invoke_labeller.times import to_text
from invoke_labeller.waiting_row import DONE, WaitingRow

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef


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

    def is_waiting(self, image_id: str) -> bool:
        """Tell whether the row exists and is not labelled yet."""
        with transient("The row cannot be read"):
            answer = self._client.get_item(
                TableName=self._name,
                Key={"Id": {"S": image_id}},
                ConsistentRead=True,
                ProjectionExpression="#Status",
                ExpressionAttributeNames={"#Status": "Status"},
            )
        return answer.get("Item", {}).get("Status") == {"S": NOT_CLASSIFIED}

    def classify(self, image_id: str, labels: tuple[Label, ...], at: datetime) -> bool:
        """Write the labels, best first, once; False where the row no longer waits for them."""
        return self._row.update(
            image_id,
            "SET #Status = :classified, Label = :label, Labels = :labels, Model = :model,"
            f" ClassifiedAt = :at {DONE}",
            {
                ":classified": {"S": CLASSIFIED},
                ":label": {"S": ", ".join(label.name for label in labels)},
                ":labels": {"L": [_attributes(label) for label in labels]},
                ":model": self._model,
                ":at": {"S": to_text(at)},
            },
        )

    def fail(self, image_id: str, reason: str) -> bool:
        """Mark the picture FAILED, once; False where the row no longer waits."""
        return self._row.fail(image_id, reason)


def _attributes(label: Label) -> "AttributeValueTypeDef":
    # Six places: DynamoDB refuses the tiny numbers that a softmax may give.
    return {"M": {"Name": {"S": label.name}, "Confidence": {"N": f"{label.confidence:.6f}"}}}
