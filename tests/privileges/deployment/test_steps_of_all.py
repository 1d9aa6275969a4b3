"""The ways of test_steps.py, taken by every pipeline: what one is denied, its like are denied."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.privileges.deployment.deploy_roles import DeployRole, role_for
from tests.privileges.deployment.places import PLACES, STACKS
from tests.privileges.deployment.ways import WAYS
from tests.privileges.deployment.ways.steps import FIXED, SUITE, Step
from tests.privileges.second_evaluator import Request, SecondEvaluator

HERE = PLACES[0]
# They start from a power that one pipeline has: over the buckets' policies.
OF_ONE = {"let the bucket's policy name itself, then replace another component's package"}
# What each passes its roles to.
PASSES_TO = {
    "invoke_labeller": {"lambda.amazonaws.com", "scheduler.amazonaws.com"},
    "sagemaker_endpoint": {"sagemaker.amazonaws.com"},
}


def gone_by(component: str) -> Iterator[Step]:
    """Yield the steps of all ways, with the names of taker and component exchanged."""
    role = role_for(STACKS[component], HERE)
    for way, (taker, steps) in WAYS.items():
        if way in OF_ONE or taker in (FIXED, SUITE):
            continue
        for step in steps:
            exchanged = Step(**json.loads(_exchange(json.dumps(vars(step)), taker, role)))
            if not _is_its_own(component, exchanged):
                yield exchanged


def _exchange(text: str, taker: DeployRole, role: DeployRole) -> str:
    first, second = _stack(taker), _stack(role)
    for one, other in (
        (taker.arn, role.arn),
        (taker.boundary or "none", role.boundary or "none of its own"),
        (first, second),
    ):
        text = text.replace(one, "\0").replace(other, one).replace("\0", other)
    return text


def _stack(role: DeployRole) -> str:
    return next(stack for stack in STACKS.values() if role_for(stack, HERE).arn == role.arn)


def _is_its_own(component: str, step: Step) -> bool:
    """Tell whether a step is what the component's deployment does itself."""
    return (
        step.action == "iam:PassRole"
        and f"/{STACKS[component]}-" in step.resource
        and step.context.get("iam:PassedToService") in PASSES_TO.get(component, ())
    )


@pytest.mark.parametrize("component", STACKS)
def test_no_pipeline_goes_the_way_of_another(
    component: str, evaluator: SecondEvaluator, counts: Counter[str]
) -> None:
    role = role_for(STACKS[component], HERE)
    steps = list(gone_by(component))

    granted = evaluator.allows(
        Request(
            role.policies,
            step.action,
            step.resource,
            step.context,
            resource_policy=step.resource_policy,
            role=role.arn,
        )
        for step in steps
    )

    assert [step for step, each in zip(steps, granted, strict=True) if each] == []
    counts["steps on the way to more power, denied to every deploy role"] += len(steps)
