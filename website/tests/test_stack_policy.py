"""Outside Test the stack gets this policy, which CloudFormation asks before each update."""

import json
from typing import Any

from tests.support import ROOT

POLICY = json.loads((ROOT / "stack-policy.json").read_text())


def test_no_update_replaces_or_deletes_what_holds_data(template: dict[str, Any]) -> None:
    [deny] = [each for each in POLICY["Statement"] if each["Effect"] == "Deny"]
    kept = {
        resource["Type"]
        for resource in template["Resources"].values()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
    }

    assert set(deny["Condition"]["StringEquals"]["ResourceType"]) == kept
    assert set(deny["Action"]) == {"Update:Replace", "Update:Delete"}
    assert (deny["Principal"], deny["Resource"]) == ("*", "*")


def test_every_other_update_is_allowed() -> None:
    # A stack policy refuses all that it does not allow.
    [allow] = [each for each in POLICY["Statement"] if each["Effect"] == "Allow"]
    assert allow == {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}
