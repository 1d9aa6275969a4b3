"""A template's conditions and intrinsic functions, worked out for one deployment."""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

VARIABLE = re.compile(r"\$\{([\w:.]+)\}")


class Resolver:
    """Works out a template for given parameters.

    Args:
        template: The template, its short forms (`!Sub`) spelled out (`Fn::Sub`).
        values: What `Ref` gives: parameters, pseudo parameters and resources.
        attributes: What `Fn::GetAtt` gives, by `<logical id>.<attribute>`.
        exports: What `Fn::ImportValue` gives.
    """

    def __init__(
        self,
        template: Any,
        values: dict[str, Any],
        attributes: dict[str, str] | None = None,
        exports: dict[str, str] | None = None,
    ) -> None:
        defaults = {
            name: parameter["Default"]
            for name, parameter in template.get("Parameters", {}).items()
            if "Default" in parameter
        }
        self.template = template
        self.values: dict[str, Any] = defaults | values
        self.attributes = {} if attributes is None else attributes
        self.exports = {} if exports is None else exports

    def holds(self, condition: Any) -> bool:
        """Tell whether a condition holds: its name, or its definition."""
        if isinstance(condition, str):
            return self.holds(self.template["Conditions"][condition])
        ((function, operands),) = condition.items()
        match function:
            case "Condition":
                return self.holds(operands)
            case "Fn::Equals":
                left, right = map(self.resolve, operands)
                return str(left) == str(right)
            case "Fn::Not":
                return not self.holds(operands[0])
            case "Fn::And":
                return all(map(self.holds, operands))
            case "Fn::Or":
                return any(map(self.holds, operands))
        raise ValueError(f"{function} is no condition")

    def resolve(self, node: Any) -> Any:
        """Return a value with its intrinsic functions worked out, without what is left out."""
        if isinstance(node, list):
            return [self.resolve(item) for item in node if not self._is_left_out(item)]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((function, operands),) = node.items()
            if function == "Ref" or function.startswith("Fn::"):
                return self._call(function, operands)
        return {
            key: self.resolve(value) for key, value in node.items() if not self._is_left_out(value)
        }

    def resources(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Return type and properties of the resources that the conditions leave."""
        return {
            name: (resource["Type"], self.resolve(resource.get("Properties", {})))
            for name, resource in self.template["Resources"].items()
            if "Condition" not in resource or self.holds(resource["Condition"])
        }

    def _is_left_out(self, node: Any) -> bool:
        if isinstance(node, dict) and set(node) == {"Fn::If"}:
            condition, then, otherwise = node["Fn::If"]
            return self._is_left_out(then if self.holds(condition) else otherwise)
        return bool(node == {"Ref": "AWS::NoValue"})

    def _call(self, function: str, operands: Any) -> Any:
        known: dict[str, Callable[[Any], Any]] = {
            "Ref": self.values.__getitem__,
            "Fn::GetAtt": self._attribute,
            "Fn::Sub": self._substitute,
            "Fn::If": lambda each: self.resolve(each[1] if self.holds(each[0]) else each[2]),
            "Fn::ImportValue": lambda name: self.exports[self.resolve(name)],
            "Fn::Select": lambda each: self.resolve(each[1])[int(each[0])],
            "Fn::Split": lambda each: self.resolve(each[1]).split(each[0]),
            "Fn::Join": lambda each: each[0].join(self.resolve(each[1])),
            # An included document: none of it is about permissions.
            "Fn::Transform": lambda _: {},
        }
        return known[function](operands)

    def _attribute(self, operands: Any) -> str:
        return self.attributes[operands if isinstance(operands, str) else ".".join(operands)]

    def _substitute(self, operands: Any) -> str:
        text, names = (operands, {}) if isinstance(operands, str) else operands
        own = {name: self.resolve(value) for name, value in names.items()}

        def value(match: re.Match[str]) -> str:
            name = match[1]
            found = own | self.values if "." not in name else self.attributes
            return str(found[name])

        return VARIABLE.sub(value, text)
