"""The conditions of a template, for given parameters."""

from typing import TYPE_CHECKING, Any

from local_aws.project import templates

if TYPE_CHECKING:
    from collections.abc import Mapping


def holds(template: "Mapping[str, Any]", condition: Any, names: "Mapping[str, str]") -> bool | None:
    """Work out whether a condition holds.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html

    Args:
        template: The template that declares the conditions.
        condition: A condition's name, or one of the intrinsic functions that make conditions.
        names: Values of parameters and pseudo parameters.

    Returns:
        Whether it holds, or None if that cannot be known before the deployment.
    """
    match condition:
        case str(name) | {"Condition": str(name)}:
            declared = (template.get("Conditions") or {}).get(name)
            return None if declared is None else holds(template, declared, names)
        case {"Fn::Equals": [one, other]}:
            values = templates.resolve(one, names), templates.resolve(other, names)
            return None if None in values else values[0] == values[1]
        case {"Fn::Not": [inner]}:
            known = holds(template, inner, names)
            return None if known is None else not known
        case {"Fn::And": list(parts)}:
            return _all([holds(template, part, names) for part in parts])
        case {"Fn::Or": list(parts)}:
            opposites = [holds(template, {"Fn::Not": [part]}, names) for part in parts]
            none_holds = _all(opposites)
            return None if none_holds is None else not none_holds
    return None


def _all(known: list[bool | None]) -> bool | None:
    if False in known:
        return False
    return None if None in known else True
