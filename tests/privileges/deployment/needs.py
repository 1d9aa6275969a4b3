"""What a pipeline's role needs, and what of its permissions nothing needs or reaches too far."""

from collections.abc import Iterable, Iterator, Set
from functools import cache

from tests.privileges.deployment import pipeline_calls
from tests.privileges.deployment.components import resources
from tests.privileges.deployment.deploy_roles import role_for
from tests.privileges.deployment.handlers import calls
from tests.privileges.deployment.patterns import covers, listed
from tests.privileges.deployment.places import ACCOUNT, ENDPOINT, PLACES, STACKS, Place
from tests.privileges.roles import Statement, actions_of

type Need = tuple[str, str]
FORMS = {"Sid", "Effect", "Action", "Resource", "Condition"}
# By action: how its resource ends, and why it is needed though no recorded request asks for it.
NEEDED_AS_WELL = {
    "cloudformation:CreateChangeSet": (
        f"aws:transform/{pipeline_calls.TRANSFORM}",
        "SAM's templates are expanded by it; the evaluator's reference knows stacks alone",
    ),
    "dynamodb:DescribeContributorInsights": (
        "table/ImageLabels/index/*",
        "the registry names the table alone; the reference knows its indexes too",
    ),
}
MADE_UP = "AWS makes its id or name up: another stack's is denied by its tag"
UNTAGGED = "AWS makes its id up and tags none of them: see the remaining risks"
ITS_FUNCTION = "a mapping's id is made up: the condition names the function that it calls"
# By the beginning of the action and the end of the resource: why it reaches what is not its own.
NAMELESS = {
    (
        "cloudformation:DescribeStacks",
        ":stack/OpenDevOps*/*",
    ): "are the stacks imported from there?",
    ("cloudwatch:DescribeAlarms", ":alarm:*"): "the action lists: no request names an alarm",
    ("cloudfront:", ":cache-policy/*"): UNTAGGED,
    ("cloudfront:", ":distribution/*"): MADE_UP,
    ("cloudfront:", ":origin-access-control/*"): UNTAGGED,
    ("cloudfront:", ":response-headers-policy/*"): UNTAGGED,
    ("sagemaker:", ":endpoint-config/*"): MADE_UP,
    ("sagemaker:", ":model/*"): MADE_UP,
    ("application-autoscaling:", ":scalable-target/*"): "the condition names SageMaker",
    ("lambda:DeleteEventSourceMapping", "*"): ITS_FUNCTION,
    ("lambda:GetEventSourceMapping", "*"): ITS_FUNCTION,
    ("lambda:UpdateEventSourceMapping", "*"): ITS_FUNCTION,
}
# What no pipeline's stack holds.
STRANGERS = (
    "arn:aws:apigateway:{region}::/account",
    "arn:aws:apigateway:{region}::/clientcertificates/a1b2c3",
    "arn:aws:apigateway:{region}::/domainnames/orders.example.com",
    "arn:aws:apigateway:{region}::/vpclinks/a1b2c3",
    "arn:aws:dynamodb:{region}:{account}:table/Orders",
    "arn:aws:execute-api:{region}:{account}:o1r2d3e4r5/v1/GET/orders",
    "arn:aws:events:{region}:{account}:rule/orders",
    "arn:aws:iam::{account}:policy/orders",
    "arn:aws:iam::{account}:role/orders",
    "arn:aws:kms:{region}:{account}:key/6b7c8d9e-0f1a-4b2c-8d3e-4f5a6b7c8d9e",
    "arn:aws:s3:::open-devops-code-{region}-{account}/system-tests/6b7c8d9e",
    "arn:aws:s3:::open-devops-images-{region}-{account}/6b7c8d9e",
    "arn:aws:secretsmanager:{region}:{account}:secret:orders",
    "arn:aws:ssm:{region}:{account}:parameter/orders",
)


@cache
def needs_of(component: str, place: Place) -> frozenset[Need]:
    """Return action and resource of every request that a deployment makes."""
    boundary = role_for(STACKS[component], place).boundary
    requests = list(pipeline_calls.promote(component, place))
    for resource in resources(component, place):
        requests += calls(component, resource, place, boundary)
    return frozenset((request.action, request.resource) for request in requests)


def superfluous(statements: Iterable[Statement], needs: Set[Need]) -> Iterator[str]:
    """Yield what is allowed although nothing needs it: actions, and resource patterns."""
    for statement in _allowing(statements):
        if set(statement) - FORMS:
            yield f"{sorted(set(statement) - FORMS)}: say what is allowed instead"
            continue
        actions, patterns = actions_of(statement), listed(statement["Resource"])
        asked = needs | {
            (action, pattern)
            for action, (end, _) in NEEDED_AS_WELL.items()
            for pattern in patterns
            if pattern.endswith(end)
        }
        for action in actions:
            if not any(a == action and any(covers(p, on) for p in patterns) for a, on in asked):
                yield f"nothing asks for {action} on {patterns}"
        for pattern in patterns:
            if not any(a in actions and covers(pattern, on) for a, on in asked):
                yield f"nothing on {pattern} is asked for {actions}"


def too_far(statements: Iterable[Statement], needs: Set[Need], foreign: Set[str]) -> Iterator[str]:
    """Yield what is allowed on something of somebody else's.

    Args:
        statements: The role's statements.
        needs: What the role's owner asks for.
        foreign: ARNs of what is not the owner's.
    """
    for statement in _allowing(statements):
        for pattern in listed(statement.get("Resource", [])):
            for action in actions_of(statement):
                if (action, "*") in needs or nameless(action, pattern):
                    continue
                own = {on for name, on in needs if name == action}
                service = action.partition(":")[0]
                for arn in sorted(foreign - own):
                    if arn.split(":")[2] == service and covers(pattern, arn):
                        yield f"{action} on {pattern} reaches {arn}"
                        break


def nameless(action: str, pattern: str) -> bool:
    """Tell whether it is known why an action reaches what is not its owner's."""
    return any(
        action.startswith(beginning) and (pattern == end if end == "*" else pattern.endswith(end))
        for beginning, end in NAMELESS
    )


def foreign_to(component: str | None, place: Place, needs: Set[Need]) -> set[str]:
    """Return ARNs that are not a component's: others', its own under other names, and strangers'.

    Args:
        component: The component; None for the system tests.
        place: Where it is deployed.
        needs: What it asks for itself.
    """
    own = {on for _, on in needs if on != "*"}
    others = {
        on
        for other in STACKS
        if other != component
        for action, on in needs_of(other, place)
        if on != "*" and not action.startswith("cloudformation:Describe")
    }
    elsewhere = PLACES[(PLACES.index(place) + 1) % len(PLACES)].region
    renamed = set()
    for arn in own:
        if ":aws-service-role/" in arn:
            continue
        renamed |= {arn.replace(place.region, elsewhere)} | set(_renamed(arn, component))
    strangers = {each.format(region=place.region, account=ACCOUNT) for each in STRANGERS}
    return (others | renamed | strangers) - own


def _renamed(arn: str, component: str | None) -> Iterator[str]:
    """Yield a resource of the same kind that belongs to another."""
    if component is not None:
        stack = STACKS[component]
        # A name may begin like the stack's without being the stack's.
        for other in ("Orders", f"{stack}Copy", *(set(STACKS.values()) - {stack})):
            yield arn.replace(stack, other).replace(stack.lower(), other.lower())
    yield arn.replace(f"/{ENDPOINT}", "/orders")
    yield arn.replace("table/ImageLabels", "table/Orders")
    yield arn.replace(":::open-devops-", ":::orders-")
    yield arn.replace(ACCOUNT, "210987654321")


def _allowing(statements: Iterable[Statement]) -> Iterator[Statement]:
    return (each for each in statements if each["Effect"] == "Allow")
