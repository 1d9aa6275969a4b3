"""The error codes that code compares with, and whether a service can answer them."""

import ast
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import botocore.session
from botocore.retries import standard

# What any service answers, as the common errors of AWS's references list them.
# Source, a stored copy of which was read:
# https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
COMMON = {
    *("AccessDeniedException", "ExpiredTokenException", "IncompleteSignature", "InternalFailure"),
    *("InvalidAction", "InvalidClientTokenId", "InvalidParameterCombination"),
    *("InvalidParameterValue", "InvalidQueryParameter", "MalformedQueryString", "MissingAction"),
    *("MissingAuthenticationToken", "MissingParameter", "NotAuthorized", "OptInRequired"),
    *("RequestExpired", "ServiceUnavailable", "ThrottlingException", "UnknownOperationException"),
    *("UnrecognizedClientException", "ValidationError"),
}
# What S3 answers though its models leave it out, each with where it was read.
S3 = {
    **dict.fromkeys(
        ("AccessDenied", "NoSuchBucket", "NoSuchKey", "RequestTimeout", "SlowDown"),
        "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
    ),
    "NoSuchTagSet": "botocore's documentation of GetBucketTagging",
    # An answer to HEAD has no body: botocore takes the status for the code.
    "404": "botocore.parsers, RestXMLParser",
}
# What botocore tries again, whichever service answers it. The types of its package leave these out.
THROTTLED: Any = standard.ThrottledRetryableChecker
TRANSIENT: Any = standard.TransientRetryableChecker
REPEATED: set[str] = {
    *THROTTLED._THROTTLED_ERROR_CODES,  # noqa: SLF001
    *TRANSIENT._TRANSIENT_ERROR_CODES,  # noqa: SLF001
} - set(S3)
# `error.response["Error"]["Code"]`, and functions that return it.
READS_THE_CODE = re.compile(r"\['Code'\]|code\(error\)")
CLIENT = re.compile(r"""\b(?:client|resource)\(\s*["']([a-z0-9-]+)["']""")


@dataclass(frozen=True)
class Named:
    """An error code that code names.

    Attributes:
        code: The code.
        path: The file.
        line: The line, counted from 1.
    """

    code: str
    path: Path
    line: int


def named(path: Path) -> list[Named]:
    """The error codes that a file compares with, or catches as a client's exception."""
    tree = ast.parse(path.read_text())
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found: list[Named] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and READS_THE_CODE.search(ast.unparse(node)):
            texts = _texts([node.left, *node.comparators], constants)
            found += [Named(str(each.value), path, node.lineno) for each in texts]
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "exceptions"
        ):
            found.append(Named(node.attr, path, node.lineno))
    return found


def services(folder: Path) -> tuple[str, ...]:
    """The services of which code in a folder makes clients."""
    found = {name for path in folder.rglob("*.py") for name in CLIENT.findall(path.read_text())}
    return tuple(sorted(found))


def exists(code: str, services: tuple[str, ...]) -> bool:
    """Whether one of some services answers an error code, by its model or by its documentation."""
    return (
        code in COMMON | REPEATED
        or ("s3" in services and code in S3)
        or any(code in _codes(service) for service in services)
    )


def _texts(nodes: list[ast.expr], constants: dict[str, ast.expr]) -> Iterator[ast.Constant]:
    """The texts among expressions, those behind a module's constants too; none of a subscript."""
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in constants:
            yield from _texts([constants[node.id]], {})
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node
        elif isinstance(node, ast.Set | ast.Tuple | ast.List):
            yield from _texts(list(node.elts), constants)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "frozenset":
            yield from _texts(node.args, constants)


@functools.cache
def _codes(service: str) -> set[str]:
    model: Any = botocore.session.get_session().get_service_model(service)
    names = {shape.name for shape in model.error_shapes}
    return names | {shape.error_code for shape in model.error_shapes}
