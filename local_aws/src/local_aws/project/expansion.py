"""Which resources a stack has under given parameters, as CloudFormation expands its template."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from local_aws.errors import CloudError
from local_aws.project import templates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What AWS's transform makes of one resource.
# https://github.com/aws/serverless-application-model/blob/develop/docs/internals/generated_resources.rst
TRANSFORMED = {
    "AWS::Serverless::Function": ("AWS::Lambda::Function",),
    "AWS::Serverless::Api": (
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::Stage",
    ),
}
ABSENT = {"Ref": "AWS::NoValue"}


@dataclass(frozen=True)
class Stack:
    """A template with its parameters' values.

    Attributes:
        name: Name of the component.
        template: The template.
        values: Values of all its parameters, and of the pseudo parameters that are known.
    """

    name: str
    template: "Mapping[str, Any]"
    values: "Mapping[str, str]"

    @cached_property
    def resources(self) -> "dict[str, Mapping[str, Any]]":
        """The resources whose condition holds, by logical id."""
        return {
            name: resource
            for name, resource in self.template["Resources"].items()
            if "Condition" not in resource or self.holds({"Condition": resource["Condition"]})
        }

    def kinds(self) -> "Iterator[str]":
        """Yield the type of each resource, those of transformed ones included."""
        for resource in self.resources.values():
            yield from TRANSFORMED.get(resource["Type"], (resource["Type"],))

    def count(self, *kinds: str) -> int:
        """Return how many resources of some types there are."""
        return sum(kind in kinds for kind in self.kinds())

    def of(self, kind: str) -> "list[Mapping[str, Any]]":
        """Return the properties of the resources of a type, as the template has them."""
        return [
            each.get("Properties", {}) for each in self.resources.values() if each["Type"] == kind
        ]

    def text(self, value: Any) -> str | None:
        """Work out a text, or return None where it is not known before the deployment."""
        return templates.resolve(value, self.values)

    def number(self, value: Any) -> float:
        """Work out a property that is a number.

        Raises:
            CloudError: If it is none.
        """
        text = self.text(self.resolve(value))
        try:
            return float(text or "")
        except ValueError as error:
            raise CloudError(
                f"{self.name}/template.yml has {value} where a number is needed, and that is "
                f"{text!r}."
            ) from error

    def whole(self, value: Any) -> int:
        """Work out a property that is a whole number; see `number`."""
        return int(self.number(value))

    def resolve(self, value: Any) -> Any:
        """Replace references to parameters, and choose between the branches of `Fn::If`.

        Args:
            value: Anything of the template.

        Returns:
            The same, with all other functions as they are, and without what is `AWS::NoValue`.
        """
        match value:
            case {"Ref": str(name)} if name in self.values:
                return self.values[name]
            case {"Fn::If": [str(condition), yes, no]}:
                return self.resolve(yes if self.holds({"Condition": condition}) else no)
            case dict():
                resolved = {key: self.resolve(each) for key, each in value.items()}
                return {k: each for k, each in resolved.items() if each != ABSENT}
            case list():
                resolved_items = [self.resolve(each) for each in value]
                return [each for each in resolved_items if each != ABSENT]
        return value

    def holds(self, condition: Any) -> bool:
        """Evaluate a condition of the template.

        Raises:
            CloudError: If it depends on more than the parameters.
        """
        known = self.perhaps_holds(condition)
        if known is None:
            raise CloudError(f"{self.name}/template.yml: {condition} cannot be evaluated.")
        return known

    def perhaps_holds(self, condition: Any) -> bool | None:
        """Evaluate a condition as far as that can be known before the deployment.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html

        Args:
            condition: A condition's name, or one of the intrinsic functions that make conditions.

        Returns:
            Whether it holds, or None where that is not known.
        """
        match condition:
            case str(name) | {"Condition": str(name)}:
                declared = (self.template.get("Conditions") or {}).get(name)
                return None if declared is None else self.perhaps_holds(declared)
            case {"Fn::Equals": [one, other]}:
                values = self.text(one), self.text(other)
                return None if None in values else values[0] == values[1]
            case {"Fn::Not": [inner]}:
                known = self.perhaps_holds(inner)
                return None if known is None else not known
            case {"Fn::And": list(parts)}:
                return self._decided(parts, by=False)
            case {"Fn::Or": list(parts)}:
                return self._decided(parts, by=True)
        return None

    def _decided(self, parts: list[Any], *, by: bool) -> bool | None:
        """Evaluate what a single part with this value decides, and all others together."""
        known = [self.perhaps_holds(part) for part in parts]
        if by in known:
            return by
        return None if None in known else not by
