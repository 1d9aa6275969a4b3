"""AWS's service authorization reference: which actions there are, on what, under which conditions.

The data comes with policy_sentry, which reads
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import re
from collections.abc import Iterator
from functools import cache

from policy_sentry.querying.actions import get_action_data, get_actions_for_service
from policy_sentry.querying.all import get_all_service_prefixes

# The package keeps one of the two services that share this name.
HALF_KNOWN = frozenset({"apigateway"})
# The reference names no resource for them, and SNS asks about the subscription's topic.
ASKED_ABOUT_TOPICS = frozenset(
    {"sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "sns:Unsubscribe"}
)
# CloudFormation asks about what expands a template as well.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
TRANSFORM = re.compile(r"arn:[^:]+:cloudformation:[^:]*:aws:transform/.+")
# An ARN's partition, service, region, account and the rest: no wildcard reaches beyond its part.
PARTS = 5
VARIABLE = re.compile(r"\$\{([^}]*)\}")
WILDCARD = re.compile(r"[*?]")
# What these parts of an ARN look like where they are written out.
SHAPES = {
    "${Partition}": re.compile(r"aws(?:-[a-z]+)*"),
    "${Region}": re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d"),
    "${Account}": re.compile(r"\d{12}|aws"),
}
# Actions that set tags, in addition to those whose access level or request tags say so.
SETS_TAGS = re.compile(r"aoss:(?:Untag|Tag)|connect:(?:Untag|Tag)|sagemaker-mlflow:.*Tags?$")
# Their tags are asked about as another action: s3:PutObjectTagging and sts:TagSession.
ASKED_AGAIN = re.compile(r"s3:PutObject|sts:AssumeRole.*")
TAGS_OF_REQUEST = ("aws:requesttag/", "aws:tagkeys", "s3:requestobjecttag")


@cache
def _entries(action: str) -> list[dict[str, object]]:
    # IAM reads both parts in either case.
    service, _, name = action.lower().partition(":")
    found = get_action_data(service, name)
    # It answers False where it knows no such action.
    entries = (found or {}).get(service, [])
    return [entry for entry in entries if str(entry["action"]).lower() == action.lower()]


@cache
def matching(action: str) -> frozenset[str]:
    """Return the actions that AWS knows by a name with or without wildcards.

    Args:
        action: Such as `sqs:SendMessage`, `sqs:*` or `*`.
    """
    asked = action if ":" in action else f"{action}:{action}" if action == "*" else ""
    service = asked.partition(":")[0].lower()
    if not WILDCARD.search(asked):
        return frozenset(str(entry["action"]) for entry in _entries(asked))
    return frozenset(
        known
        for prefix in get_all_service_prefixes()
        if overlap(prefix, service)
        for known in get_actions_for_service(prefix)
        if overlap(known.lower(), asked.lower())
    )


def is_service(name: str) -> bool:
    """Tell whether permissions of a service begin with a name."""
    return name in get_all_service_prefixes()


@cache
def sets_tags(action: str) -> bool:
    """Tell whether an action sets or removes tags, of existing or of new resources."""
    if ASKED_AGAIN.fullmatch(action):
        return False
    return bool(SETS_TAGS.match(action)) or any(
        entry["access_level"] == "Tagging"
        or (
            entry["access_level"] not in ("List", "Read")
            and any(str(key).lower().startswith(TAGS_OF_REQUEST) for key in _keys(entry))
        )
        for entry in _entries(action)
    )


def knows_no_resource(action: str) -> bool:
    """Tell whether an action supports no resource-level permissions."""
    formats = {entry["resource_arn_format"] for entry in _entries(action)}
    return formats == {"*"} and action not in ASKED_ABOUT_TOPICS


def knows(action: str, resource: str) -> bool:
    """Tell whether an action may be asked for on what an ARN names.

    Args:
        action: The action.
        resource: The ARN, in which `*` matches anything.
    """
    if action.partition(":")[0] in HALF_KNOWN or action in ASKED_ABOUT_TOPICS:
        return True
    if action == "cloudformation:CreateChangeSet" and TRANSFORM.fullmatch(resource):
        return True
    formats = {str(entry["resource_arn_format"]) for entry in _entries(action)} - {"*"}
    own = resource.split(":", PARTS)
    return len(own) == PARTS + 1 and any(
        all(map(_fits, own, form.split(":", PARTS))) for form in formats
    )


def _fits(own: str, form: str) -> bool:
    shape = SHAPES.get(form)
    if shape and not WILDCARD.search(own):
        return bool(shape.fullmatch(own))
    return overlap(own, VARIABLE.sub(_wildcard, form))


def knows_key(action: str, key: str) -> bool:
    """Tell whether a request for an action carries a condition key of its service."""
    if action.partition(":")[0] in HALF_KNOWN:
        return True
    name = key.partition("/")[0].lower()
    return any(
        str(known).partition("/")[0].lower() == name
        for entry in _entries(action)
        for known in _keys(entry)
    )


def _keys(entry: dict[str, object]) -> list[object]:
    keys = entry["condition_keys"]
    return keys if isinstance(keys, list) else []


def arns_overlap(first: str, second: str) -> bool:
    """Tell whether two patterns of ARNs may name the same: no wildcard reaches beyond its part."""
    one, other = (each.split(":", PARTS) for each in (first, second))
    return first == "*" or (len(one) == len(other) and all(map(overlap, one, other)))


def overlap(first: str, second: str) -> bool:
    """Tell whether one text fits two patterns.

    Args:
        first: `*` stands for anything, `?` for one character, `+` for all but a slash.
        second: The other pattern.
    """
    todo, seen = [(0, 0)], set[tuple[int, int]]()
    while todo:
        at = todo.pop()
        if at == (len(first), len(second)):
            return True
        if at not in seen:
            seen.add(at)
            todo += _next(first, second, *at)
    return False


def _next(first: str, second: str, i: int, j: int) -> Iterator[tuple[int, int]]:
    one, other = first[i : i + 1], second[j : j + 1]
    for wildcard, text, skipped, taken in (
        (one, other, (i + 1, j), (i, j + 1)),
        (other, one, (i, j + 1), (i + 1, j)),
    ):
        if wildcard in ("*", "+"):
            yield skipped
            if text and not (wildcard == "+" and text == "/"):
                yield taken
    if one and other and (one == other or "?" in (one, other)):
        yield i + 1, j + 1


def _wildcard(variable: re.Match[str]) -> str:
    # A bucket's name contains no slash, unlike an object's ARN. No part is empty.
    return "+" if variable[1] == "BucketName" else "?*"
