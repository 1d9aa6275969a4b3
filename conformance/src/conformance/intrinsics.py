"""Works out a template's intrinsic functions, with a plausible value for what only AWS can know."""

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any

NO_VALUE = object()
REFERENCE = re.compile(r"\$\{(!?)([^}]*)\}")


class UnresolvedError(Exception):
    """Something in a template has no value; the message says what."""


class Resolver:
    """A template's values in one deployment.

    Args:
        template: The template, expanded.
        values: Values of the parameters and the pseudo parameters.
        physical: Gives the value of a resource's `Ref` (attribute "") or `Fn::GetAtt`, from its
            type, its logical id and the attribute.
        imported: Gives the value of an export by its name.
    """

    def __init__(
        self,
        template: Mapping[str, Any],
        values: Mapping[str, Any],
        physical: Callable[[str, str, str], Any],
        imported: Callable[[str], Any],
    ) -> None:
        self._template = template
        self._values = values
        self._physical = physical
        self._imported = imported
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Condition": self.holds,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": lambda a: str(a[0]).join(map(_text, self.resolve(a[1]))),
            "Fn::Select": lambda a: self.resolve(a[1])[int(self.resolve(a[0]))],
            "Fn::Split": lambda a: _text(self.resolve(a[1])).split(a[0]),
            "Fn::If": lambda a: self.resolve(a[1] if self.holds(a[0]) else a[2]),
            "Fn::Not": lambda a: not self.resolve(a[0]),
            "Fn::Equals": lambda a: _text(self.resolve(a[0])) == _text(self.resolve(a[1])),
            "Fn::And": lambda a: all(self.resolve(each) for each in a),
            "Fn::Or": lambda a: any(self.resolve(each) for each in a),
            "Fn::ImportValue": lambda a: self._imported(self.resolve(a)),
            "Fn::FindInMap": self._find_in_map,
            "Fn::Base64": lambda a: base64.b64encode(self.resolve(a).encode()).decode(),
            "Fn::GetAZs": lambda _: [f"{self._values['AWS::Region']}{zone}" for zone in "ab"],
        }

    def resources(self) -> dict[str, dict[str, Any]]:
        """The resources that the conditions leave, by logical id, their properties worked out."""
        return {
            name: dict(resource) | {"Properties": self.resolve(resource.get("Properties") or {})}
            for name, resource in self._template["Resources"].items()
            if "Condition" not in resource or self.holds(resource["Condition"])
        }

    def holds(self, condition: str) -> bool:
        """Whether a condition of the template is met."""
        try:
            return bool(self.resolve(self._template["Conditions"][condition]))
        except KeyError as error:
            raise UnresolvedError(f"There is no condition {error}.") from error

    def resolve(self, node: Any) -> Any:
        """The value of a part of the template; what is AWS::NoValue is left out.

        Raises:
            UnresolvedError: If something in it has no value.
        """
        if isinstance(node, list):
            items = (self.resolve(each) for each in node)
            return [item for item in items if item is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, argument),) = node.items()
            # A policy statement's Condition is a map, and so is no name of a condition.
            if name in self._functions and not (name == "Condition" and isinstance(argument, dict)):
                return self._functions[name](argument)
            if str(name).startswith("Fn::"):
                raise UnresolvedError(f"{name} is not worked out here.")
        pairs = ((key, self.resolve(value)) for key, value in node.items())
        return {key: value for key, value in pairs if value is not NO_VALUE}

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self._values:
            return self._values[name]
        return self._attribute(name, "")

    def _get_att(self, argument: Any) -> Any:
        name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        return self._attribute(name, self.resolve(attribute))

    def _attribute(self, name: str, attribute: str) -> Any:
        try:
            resource_type = self._template["Resources"][name]["Type"]
        except KeyError:
            raise UnresolvedError(f"Neither parameter nor resource: {name}.") from None
        return self._physical(resource_type, name, attribute)

    def _sub(self, argument: Any) -> str:
        pattern, local = argument if isinstance(argument, list) else (argument, {})
        given = {name: self.resolve(value) for name, value in local.items()}

        def value(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            if name in given:
                return _text(given[name])
            return _text(self._get_att(name) if "." in name else self._ref(name))

        return REFERENCE.sub(value, pattern)

    def _find_in_map(self, argument: list[Any]) -> Any:
        name, first, second = (self.resolve(each) for each in argument)
        return self._template["Mappings"][name][first][second]


def _text(value: Any) -> str:
    """A value as CloudFormation writes it into a text."""
    return str(value).lower() if isinstance(value, bool) else str(value)
