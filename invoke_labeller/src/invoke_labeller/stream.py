"""Reads the records of the table's stream."""

from dataclasses import dataclass

from invoke_labeller.row import Status


@dataclass(frozen=True)
class Submission:
    """A picture to label.

    Attributes:
        image_id: The picture's id.
        submitted_at: When it was submitted (ISO 8601, UTC), where its row says so.
        sequence_numbers: Those of all its records in the batch.
        caller: Who submitted it, where that is counted apart from users.
        is_swept: Whether the sweep has sent it through the stream again.
    """

    image_id: str
    submitted_at: str | None
    sequence_numbers: tuple[str, ...]
    caller: str | None = None
    is_swept: bool = False


def submissions(event: object) -> list[Submission]:
    """Collect the pictures that a batch of records asks to be labelled, each of them once.

    The event source mapping filters already. What passes it nevertheless, or has no shape that a
    stream would give it, is left out: a record that cannot be understood must not block a shard.

    Args:
        event: The event of a DynamoDB stream.

    Returns:
        The pictures in the order of the stream. Records of one picture are one submission.
    """
    records = event.get("Records") if isinstance(event, dict) else None
    found: dict[str, Submission] = {}
    for record in records if isinstance(records, list) else []:
        image_id = _waiting(record)
        if not image_id:
            continue
        earlier = found.get(image_id)
        number = _text(record, "dynamodb", "SequenceNumber")
        found[image_id] = Submission(
            image_id,
            _text(record, "dynamodb", "NewImage", "SubmittedAt", "S"),
            (earlier.sequence_numbers if earlier else ()) + ((number,) if number else ()),
            _text(record, "dynamodb", "NewImage", "Caller", "S"),
            _text(record, "dynamodb", "NewImage", "SweptSince", "S") is not None,
        )
    return list(found.values())


def _waiting(record: object) -> str | None:
    if _text(record, "eventName") not in ("INSERT", "MODIFY"):
        return None
    if _text(record, "dynamodb", "NewImage", "Status", "S") != Status.NOT_CLASSIFIED:
        return None
    return _text(record, "dynamodb", "Keys", "Id", "S")


def _text(value: object, *path: str) -> str | None:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None
