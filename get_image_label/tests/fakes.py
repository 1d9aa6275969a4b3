"""Stand-ins for what surrounds the look-up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from get_image_label.records import Row

IMAGE_ID = "1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c55"
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
NOW = 1_795_420_272.0

CLASSIFIED: Row = {
    "Id": IMAGE_ID,
    "Status": "CLASSIFIED",
    "Label": "espresso, coffee mug",
    "Labels": [
        {"Name": "espresso", "Confidence": Decimal("0.89")},
        {"Name": "coffee mug", "Confidence": Decimal("0.03")},
    ],
    "Model": {"Name": "inception-v3", "Version": "1.0.0"},
    "SubmittedAt": "2026-11-23T07:51:11.123Z",
    "ClassifiedAt": "2026-11-23T07:51:12.456Z",
    "ExpiresAt": Decimal(NOW + 86_400),
}


@dataclass
class FakeRows:
    """The port Rows, kept in memory; `broken` is raised instead of an answer."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    broken: Exception | None = None
    asked_for: list[str] = field(default_factory=list)

    def get(self, image_id: str) -> Row | None:
        self.asked_for.append(image_id)
        if self.broken:
            raise self.broken
        return self.rows.get(image_id)
