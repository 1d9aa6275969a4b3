"""Resolves a template as CloudFormation does, as far as this one goes."""

import re
from collections.abc import Callable
from typing import Any

from tests.support import ACCOUNT, REGION

PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackName": "OpenDevOpsCloudWatchAlarms",
}


class Resolver:
    """A template with the values of its parameters.

    A resource is known by its type and logical id, an import by the name of the export.
    """

    def __init__(self, template: dict[str, Any], parameters: dict[str, str]) -> None:
        self._template = template
        declared = template["Parameters"]
        defaults = {name: each["Default"] for name, each in declared.items()}
        self._values = {**PSEUDO, **defaults, **parameters}

    def properties(self, resource_type: str) -> dict[str, dict[str, Any]]:
        """The properties of the resources of a type that the conditions leave, by logical id."""
        return {
            name: self.resolve(resource["Properties"])
            for name, resource in self._template["Resources"].items()
            if resource["Type"] == resource_type and self._holds(resource.get("Condition"))
        }

    def resolve(self, node: Any) -> Any:
        """The value of a part of the template."""
        if isinstance(node, list):
            return [self.resolve(each) for each in node]
        if not isinstance(node, dict):
            return node
        name, argument = next(iter(node.items()), ("", None))
        if len(node) == 1 and name in self._functions():
            return self._functions()[name](argument)
        return {key: self.resolve(value) for key, value in node.items()}

    def _functions(self) -> dict[str, Callable[[Any], Any]]:
        return {
            "Ref": self._ref,
            "Fn::GetAtt": lambda path: f"{self._physical_id(path[0])}.{path[1]}",
            "Fn::ImportValue": lambda name: f"import:{self.resolve(name)}",
            "Fn::Sub": self._sub,
            "Fn::If": self._if,
            "Fn::Not": lambda conditions: not self.resolve(conditions[0]),
            "Fn::Equals": lambda sides: self.resolve(sides[0]) == self.resolve(sides[1]),
        }

    def _ref(self, name: str) -> Any:
        return self._values[name] if name in self._values else self._physical_id(name)

    def _if(self, branches: list[Any]) -> Any:
        condition, yes, no = branches
        return self.resolve(yes if self._holds(condition) else no)

    def _sub(self, argument: Any) -> str:
        text, variables = (argument, {}) if isinstance(argument, str) else argument
        variables = self.resolve(variables)

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name in variables:
                return str(variables[name])
            logical_id, _, attribute = name.partition(".")
            return f"{self._physical_id(logical_id)}.{attribute}" if attribute else self._ref(name)

        return re.sub(r"\$\{([^}!]+)\}", value, text)

    def _holds(self, condition: str | None) -> bool:
        return condition is None or bool(self.resolve(self._template["Conditions"][condition]))

    def _physical_id(self, name: str) -> str:
        return f"{self._template['Resources'][name]['Type']}/{name}"
