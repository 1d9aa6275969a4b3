"""Which requests carry a condition key, and what the keys that name a service may say."""

import re
from collections.abc import Iterator
from typing import Any

from template_rules import reference, values

# What AWS itself says about each request; the keys about tags depend on the action.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
NAMES = """
    assumedroot calledvia calledviafirst calledvialast chatbotsourcearn currenttime
    ec2instancesourceprivateipv4 ec2instancesourcevpc epochtime federatedprovider
    ismcpserviceaction multifactorauthage multifactorauthpresent principalaccount
    principalarn principalisawsservice principalorgid principalorgpaths
    principalservicename principalservicenameslist principaltag principaltype referer
    requestedregion resourceaccount resourceorgid resourceorgpaths securetransport
    signinsessionarn sourceaccount sourcearn sourceidentity sourceip sourceorgid
    sourceorgpaths sourcevpc sourcevpcarn sourcevpce tokenissuetime useragent userid
    username viaawsmcpservice viaawsservice vpceaccount vpceorgid vpceorgpaths vpcsourceip
"""
GLOBAL = frozenset(f"aws:{name}" for name in NAMES.split())
# Keys whose value is the principal of a service.
OF_SERVICES = frozenset(
    {
        "aws:calledvia",
        "aws:calledviafirst",
        "aws:calledvialast",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "iam:awsservicename",
        "iam:passedtoservice",
    }
)
PRINCIPAL = re.compile(
    r"(?:[a-z0-9-]+\.)*?([a-z0-9-]+)(?:\.[a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com(?:\.cn)?"
)
# Principals whose service has another name in permissions.
OTHERWISE_NAMED = frozenset({"delivery", "ecs-tasks", "edgelambda", "spotfleet", "vpc-flow-logs"})
# Operators that hold where a request lacks the key.
LENIENT = re.compile(r"IfExists$|^ForAllValues:|^Null$|Not")


def faults(named: dict[str, frozenset[str]], statement: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong about a statement's condition keys.

    An action that is allowed under a key that it never carries is never allowed. A denial or a
    lenient operator is without effect if none of the actions carries the key.

    Args:
        named: The statement's actions, each with those that AWS knows by it.
        statement: The statement.
    """
    for operator, key, value in values.conditions(statement):
        # An identity provider's keys begin with its host name.
        if key.startswith("${") or "." in key.partition(":")[0]:
            continue
        lacking = [
            action
            for action, known in named.items()
            if not any(_carries(each, key) for each in known)
        ]
        if _must_be_there(statement, operator, value):
            yield from (f"a request for {action} never carries {key}" for action in lacking)
        elif named and len(lacking) == len(named):
            yield f"a request for any of {lacking} never carries {key}"


def service_faults(statement: dict[str, Any]) -> Iterator[str]:
    """Yield the service principals that do not exist, in conditions and as the principal.

    Args:
        statement: The statement.
    """
    named = [
        each
        for _, key, value in values.conditions(statement)
        if key.lower() in OF_SERVICES
        for each in values.choices(value)
    ]
    principal = statement.get("Principal")
    if isinstance(principal, dict):
        named += values.choices(principal.get("Service", []))
    for text in filter(None, map(values.pattern, named)):
        # The region, or the suffix, where it is left to the stack.
        written = text.replace(".?*.", ".").replace(".?*", ".amazonaws.com")
        # Rule E9012 covers whitespace.
        if "*" not in written and " " not in written and not _is_service(written):
            yield f"{text} is not a service principal that AWS knows"


def _is_service(text: str) -> bool:
    parsed = PRINCIPAL.fullmatch(text)
    if not parsed:
        return False
    return parsed[1] in OTHERWISE_NAMED or reference.is_service(parsed[1])


def _carries(action: str, key: str) -> bool:
    return key.lower().partition("/")[0] in GLOBAL or reference.knows_key(action, key)


def _must_be_there(statement: dict[str, Any], operator: str, value: Any) -> bool:
    if statement["Effect"] == "Deny":
        return False
    is_asked_for = operator == "Null" and str(value).lower() == "false"
    return is_asked_for or not LENIENT.search(operator)
