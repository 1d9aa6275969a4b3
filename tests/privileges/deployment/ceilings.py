"""What a boundary may hold: what the roles in its component's own template are granted."""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.privileges.deployment.components import role_statements
from tests.privileges.deployment.patterns import covers, listed
from tests.privileges.deployment.places import ENDPOINT, STACKS, Place
from tests.privileges.roles import Statement, actions_of

KNOWN_KEYS = {"Sid", "Effect", "Action", "Resource", "Condition"}
ANY_MODEL = "ModelDataUrl and ModelImage may name another model"
OWN_KEY = "KmsKeyArn may name a key, which is there for some models alone"
NEW_ATTRIBUTE = "a deployment may read another attribute, but never the URL"
# Why a boundary is wider than the roles, and the condition that it has instead.
type Widening = tuple[str, dict[str, Any] | None]


def exceptions(component: str, place: Place) -> dict[tuple[str, str], Widening]:
    """Return where a boundary may be wider than the roles: action and resource, to why and how."""
    images = f"arn:aws:ecr:{place.region}:*:repository/*"
    through_s3 = {"StringEquals": {"kms:ViaService": f"s3.{place.region}.amazonaws.com"}}
    all_but_the_url = {
        "ForAllValues:StringNotEquals": {"dynamodb:Attributes": ["SourceUrl"]},
        "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
    }
    of_models: dict[tuple[str, str], Widening] = {
        ("s3:GetObject", f"arn:aws:s3:::jumpstart-cache-prod-{place.region}/*"): (ANY_MODEL, None),
        ("s3:GetObject", f"{place.bucket('code')}/*"): (ANY_MODEL, None),
        ("ecr:BatchCheckLayerAvailability", images): (ANY_MODEL, None),
        ("ecr:BatchGetImage", images): (ANY_MODEL, None),
        ("ecr:GetDownloadUrlForLayer", images): (ANY_MODEL, None),
        ("kms:Decrypt", place.arn("kms", "key/*")): (OWN_KEY, through_s3),
    }
    of_lookups: dict[tuple[str, str], Widening] = {
        ("dynamodb:GetItem", place.arn("dynamodb", "table/ImageLabels")): (
            NEW_ATTRIBUTE,
            all_but_the_url,
        )
    }
    return {
        "sagemaker_endpoint": of_models,
        "submit_image": of_lookups,
        "get_image_label": of_lookups,
    }.get(component, {})


def beyond(component: str, place: Place, limits: Iterable[Statement]) -> set[str]:
    """Return what a boundary holds that no role of its component's template is granted.

    Args:
        component: The component.
        place: Where it is deployed.
        limits: The boundary's statements.
    """
    granted = list(_granted(component, place))
    known = exceptions(component, place)
    found = set()
    for statement in limits:
        if statement["Effect"] == "Deny":
            continue
        if set(statement) - KNOWN_KEYS:
            found.add(f"{sorted(set(statement) - KNOWN_KEYS)}: say what is allowed instead")
            continue
        condition = statement.get("Condition")
        for action in actions_of(statement):
            for resource in listed(statement["Resource"]):
                if known.get((action, resource), ("", ...))[1] == condition:
                    continue
                if not any(
                    action == own and covers(widest, resource) and only_if in (None, condition)
                    for own, widest, only_if in granted
                ):
                    found.add(f"{action} on {resource} if {condition}")
    return found


def _granted(component: str, place: Place) -> Iterator[tuple[str, str, Any]]:
    """Yield action, resource and condition of what the roles are granted."""
    for statements in role_statements(component, place).values():
        for statement in statements:
            for action in actions_of(statement):
                for resource in listed(statement["Resource"]):
                    for widest in _under_its_name(resource, STACKS[component]):
                        yield action, widest, statement.get("Condition")


def _under_its_name(resource: str, stack: str) -> Iterator[str]:
    """Yield a resource, and whatever of its kind bears the stack's or the endpoint's name."""
    yield resource
    before, separator, after = resource.rpartition(":" + stack)
    if not separator:
        before, separator, after = resource.rpartition("/" + stack)
    if separator and after[:1] in ("", ":", "-"):
        yield f"{before}{separator}-*"
    before, separator, after = resource.rpartition(f"/{ENDPOINT}")
    if separator and after in ("", ":*"):
        yield f"{before}{separator}*{after}"
