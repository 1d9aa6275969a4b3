"""Every stack, created by moto, which is an emulator of another maker than the embedded cloud's."""

import copy
import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from moto import mock_aws

from conformance import expansion
from conformance.deployments import Deployment
from conformance.intrinsics import REFERENCE, Resolver
from conformance.physical import Place

# What the SDK needs before it sends anything; nothing leaves the process.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}  # nosec B105 # no secret

NO_VALUE = {"Ref": "AWS::NoValue"}
FAILURES = (
    *(BotoCoreError, ClientError, ResponseParserError),
    # Where moto fails within itself, the exception of its own code comes out of the call.
    *(AttributeError, KeyError, TypeError, ValueError),
)


class RefusedError(Exception):
    """The emulator did not create a stack; the message is its own."""


@dataclass(frozen=True)
class Created:
    """What came of a stack.

    Attributes:
        there: Logical ids of what was created.
        ignored: Types by the logical ids of what was silently not created.
    """

    there: frozenset[str]
    ignored: dict[str, str]


@contextmanager
def emulator() -> Iterator[None]:
    """An emulator, empty, for the block."""
    before = dict(os.environ)
    os.environ.update(CREDENTIALS)
    try:
        with mock_aws(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def create(
    deployment: Deployment, left_out: frozenset[str] = frozenset(), *, choosing: bool = True
) -> Created:
    """Create a stack from its template, transforms expanded, intrinsic functions left to moto.

    Args:
        deployment: The stack and its parameters.
        left_out: Types of resources that are taken out before.
        choosing: Whether the items of lists that depend on a condition are chosen before.

    Raises:
        RefusedError: If it is not created.
    """
    values = deployment.values()
    whole = expansion.expand(deployment.path, deployment.region, values)
    resolver = deployment.resolver()
    if choosing:
        whole = dict(chosen(whole, resolver))
    place = Place(deployment.region, deployment.stack)
    client = boto3.client("cloudformation", deployment.region)
    try:
        client.create_stack(
            StackName=deployment.stack,
            TemplateBody=json.dumps(without(whole, left_out, place)),
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
            Parameters=[
                {"ParameterKey": name, "ParameterValue": str(value)}
                for name, value in values.items()
            ],
        )
        found = client.describe_stack_resources(StackName=deployment.stack)["StackResources"]
    except FAILURES as error:
        raise RefusedError(f"{type(error).__name__}: {error}") from error
    # What moto ignores is listed without a name, whatever the types say.
    there = frozenset(str(each.get("LogicalResourceId")) for each in found) - {"None"}
    wanted = {name: each["Type"] for name, each in resolver.resources().items()}
    return Created(
        there,
        {name: kind for name, kind in wanted.items() if name not in there and kind not in left_out},
    )


def chosen(node: Any, resolver: Resolver) -> Any:
    """Take out of the lists in a template what a condition makes AWS::NoValue there."""
    match node:
        case {"Fn::If": [condition, *ways]}:
            # No list of the template's, but the function's arguments.
            return {"Fn::If": [condition, *(chosen(way, resolver) for way in ways)]}
        case dict():
            return {key: chosen(value, resolver) for key, value in node.items()}
        case list():
            return list(_chosen_items(node, resolver))
    return node


def _chosen_items(node: list[Any], resolver: Resolver) -> Iterator[Any]:
    for item in node:
        match item:
            case {"Fn::If": [str(condition), *ways]} if NO_VALUE in ways:
                item = ways[0 if resolver.holds(condition) else 1]  # noqa: PLW2901
        if item != NO_VALUE:
            yield chosen(item, resolver)


def without(template: dict[str, Any], types: frozenset[str], place: Place) -> dict[str, Any]:
    """Take the resources of some types out of a template; what refers to one gets its value."""
    template = copy.deepcopy(template)
    gone = {
        name: each["Type"] for name, each in template["Resources"].items() if each["Type"] in types
    }
    for name in gone:
        del template["Resources"][name]
    return dict(_replaced(template, gone, place))


def _replaced(node: Any, gone: dict[str, str], place: Place) -> Any:  # noqa: PLR0911 - a form each
    match node:
        case {"Ref": str(name)} if name in gone:
            return place.physical(gone[name], name, "")
        case {"Fn::GetAtt": [str(name), str(attribute)]} if name in gone:
            return place.physical(gone[name], name, attribute)
        case {"Fn::Sub": str(pattern)}:
            return {"Fn::Sub": _in_text(pattern, gone, place)}
        case {"Fn::Sub": [str(pattern), dict(local)]}:
            return {"Fn::Sub": [_in_text(pattern, gone, place), _replaced(local, gone, place)]}
    if isinstance(node, list):
        return [_replaced(each, gone, place) for each in node]
    if isinstance(node, dict):
        return {key: _replaced(value, gone, place) for key, value in _depending(node, gone)}
    return node


def _depending(node: dict[str, Any], gone: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """A map's pairs, with no DependsOn of what is gone."""
    for key, value in node.items():
        if key == "DependsOn":
            names = [value] if isinstance(value, str) else value
            yield key, [name for name in names if name not in gone]
        else:
            yield key, value


def _in_text(pattern: str, gone: dict[str, str], place: Place) -> str:
    def value(match: Any) -> str:
        name, _, attribute = match[2].partition(".")
        if match[1] or name not in gone:
            return str(match[0])
        return place.physical(gone[name], name, attribute)

    return REFERENCE.sub(value, pattern)
