"""What a change set proposes, where MiniStack answers otherwise than AWS."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from local_aws import Settings
from local_aws.operations import describe
from local_aws.operations.proposals import propose
from local_aws.project.components import Component
from local_aws.tools.commands import Runner


class FakeCloudFormation:
    """A stack, and the change set that whoever deploys makes."""

    def __init__(self, status: str) -> None:
        self.status = status
        self.change_sets: list[dict[str, str]] = []

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 # boto3's
        return {"Stacks": [{"StackName": StackName, "StackStatus": "UPDATE_COMPLETE"}]}

    def get_paginator(self, operation: str) -> Any:
        pages = {
            "list_change_sets": [{"Summaries": self.change_sets}],
            "describe_change_set": [{"Status": self.status, "Changes": []}, {"Changes": []}],
        }
        return SimpleNamespace(paginate=lambda **_: pages[operation])


class Deploying(Runner):
    """Makes a change set, as a component's make does."""

    def __init__(self, cloudformation: FakeCloudFormation) -> None:
        super().__init__()
        self.cloudformation = cloudformation

    def run(
        self,
        command: Sequence[str],
        directory: Path,  # noqa: ARG002 # the runner's
        environment: Mapping[str, str],  # noqa: ARG002 # the runner's
        log: Path,  # noqa: ARG002 # the runner's
    ) -> None:
        assert "EXECUTE=no" in command
        self.cloudformation.change_sets.append({"ChangeSetId": "arn:made"})


@pytest.mark.parametrize(
    ("status", "is_empty", "sentence"),
    [
        ("CREATE_COMPLETE", False, "outputs alone change"),
        ("FAILED", True, "nothing to change"),
    ],
)
def test_a_change_set_without_resources_is_one_where_it_can_be_executed(
    settings: Settings, *, status: str, is_empty: bool, sentence: str
) -> None:
    """On AWS an output that differs makes such a change set; without any difference it fails."""
    cloudformation = FakeCloudFormation(status)
    component = Component(settings.root / "storage", "Stack")
    target = SimpleNamespace(
        settings=settings,
        platform=(),
        cloudformation=lambda _: cloudformation,
        is_complete=lambda _: False,
        missing=lambda _: [],
        values_of=lambda _: {},
        variables=lambda _: {},
    )

    proposal = propose(Deploying(cloudformation), cast("Any", target), component)

    assert proposal.is_empty is is_empty
    assert proposal.change_set == "arn:made"
    assert describe.proposal(proposal)[0].text == f"storage (Stack): {sentence}"
