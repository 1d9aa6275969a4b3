"""Ways to more power that take several steps: each step is denied, whatever the last one gave."""

from collections import Counter

import pytest

from tests.privileges.deployment.ways import WAYS
from tests.privileges.second_evaluator import Request, SecondEvaluator


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_there(way: str, evaluator: SecondEvaluator, counts: Counter[str]) -> None:
    taker, steps = WAYS[way]

    granted = evaluator.allows(
        Request(
            taker.policies,
            step.action,
            step.resource,
            step.context,
            resource_policy=step.resource_policy,
            role=taker.arn,
        )
        for step in steps
    )

    assert [step for step, each in zip(steps, granted, strict=True) if each] == []
    counts["steps on the way to more power, denied to the deploy roles"] += len(steps)
