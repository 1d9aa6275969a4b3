"""Writes down each call of AWS that a Python process makes, and what it reads of the answers.

Python imports this by itself where this folder is on PYTHONPATH. Nothing is recorded unless
CONFORMANCE_CALLS names a file, to which each call and each first reading adds a line of JSON.

It runs in processes that have none of this package, so nothing of it is imported here.
"""

import base64
import datetime as dt
import importlib.abc
import importlib.util
import json
import os
import sys
from typing import Any, ClassVar


def plain(value: Any) -> Any:
    """Return a value of which JSON knows the types, with a mark where it had another."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(each) for each in value]
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": base64.b64encode(bytes(value)[:100]).decode(), "length": len(value)}
    if isinstance(value, dt.datetime):
        return {"$time": value.isoformat()}
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return {"$other": type(value).__name__}


def note(what: dict[str, Any]) -> None:
    """Add a line to the file."""
    what["caller"] = os.environ.get("AWS_LAMBDA_FUNCTION_NAME") or "/".join(
        sys.argv[0].split("/")[-2:]
    )
    line = (json.dumps(what) + "\n").encode()
    file = os.open(os.environ["CONFORMANCE_CALLS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line)
    finally:
        os.close(file)


class Answer(dict[Any, Any]):
    """An answer, or a part of it, that notes what is read of it, once."""

    seen: ClassVar[set[tuple[str, ...]]] = set()
    service: str
    operation: str
    path: list[str]

    def of(self, service: str, operation: str, path: list[str]) -> "Answer":
        """Say of what this is the answer, and which part."""
        self.service, self.operation, self.path = service, operation, path
        return self

    def noted(self, key: Any, value: Any) -> Any:
        """Note that a member is read, and return it so that its members are noted, too."""
        path = [*self.path, str(key)]
        mark = (self.service, self.operation, *path)
        if mark not in self.seen:
            self.seen.add(mark)
            note({"service": self.service, "operation": self.operation, "read": path})
        return self.watched(value, path)

    def watched(self, value: Any, path: list[str]) -> Any:
        """Return a value as one that notes what is read of it."""
        if type(value) is dict:
            return Answer(value).of(self.service, self.operation, path)
        if type(value) is list:
            return [self.watched(each, [*path, "*"]) for each in value]
        return value

    def __getitem__(self, key: Any) -> Any:
        return self.noted(key, super().__getitem__(key))

    def get(self, key: Any, default: Any = None) -> Any:
        """Return a member, or something else; that it was asked for is noted either way."""
        found = self.noted(key, super().get(key))
        return default if key not in self else found


def record(client: Any) -> None:
    """Make every client note its calls, and what is read of their answers."""
    # botocore has no public place to stand at between what code gives and what is sent.
    convert = client.BaseClient._convert_to_request_dict  # noqa: SLF001
    call = client.BaseClient._make_api_call  # noqa: SLF001

    def noting_convert(
        self: Any, api_params: Any, operation_model: Any, *arguments: Any, **named: Any
    ) -> Any:
        service = operation_model.service_model.service_name
        note(
            {
                "service": service,
                "operation": operation_model.name,
                "parameters": plain(api_params),
            }
        )
        return convert(self, api_params, operation_model, *arguments, **named)

    def noting_call(self: Any, operation_name: str, api_params: Any) -> Any:
        answer = call(self, operation_name, api_params)
        service = self.meta.service_model.service_name
        return Answer(answer).of(service, operation_name, [])

    client.BaseClient._convert_to_request_dict = noting_convert  # noqa: SLF001
    client.BaseClient._make_api_call = noting_call  # noqa: SLF001


class Finder(importlib.abc.MetaPathFinder):
    """Finds botocore's client as everybody does, and has it recorded as soon as it is there."""

    def find_spec(self, name: str, *_: Any) -> Any:
        """Find the one module, and leave every other to those who come after."""
        if name != "botocore.client":
            return None
        sys.meta_path.remove(self)
        spec: Any = importlib.util.find_spec(name)
        execute = spec.loader.exec_module

        def executed(module: Any) -> None:
            execute(module)
            record(module)

        spec.loader.exec_module = executed
        return spec


if os.environ.get("CONFORMANCE_CALLS"):
    sys.meta_path.insert(0, Finder())
