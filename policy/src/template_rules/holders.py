"""Which principals a statement belongs to."""

from typing import Any

from template_rules import walk

# How a policy names who has it, and how a role, a user or a group is named.
NAMED_BY = ("Roles", "Users", "Groups", "RoleName", "UserName", "GroupName")


def of(template: Any, path: walk.Path) -> frozenset[str]:
    """Return whose a statement is: the resource in which it stands, and who has that policy.

    Args:
        template: The template.
        path: Where the statement stands.

    Returns:
        Logical ids, and the names of what is no resource of the template.
    """
    own = str(path[1]) if len(path) > 1 else ""
    resources = template.get("Resources", {})
    properties = walk.properties(resources.get(own, {}))
    found = {own}
    for element in NAMED_BY:
        found |= _names(properties.get(element))
    for name, _, resource in walk.resources(template):
        theirs = walk.properties(resource)
        attached = (theirs.get("ManagedPolicyArns"), theirs.get("Policies"))
        if own in walk.references(list(attached)) or found & _names(theirs.get("RoleName")):
            found |= {name}
    return frozenset(found)


def _names(node: Any) -> set[str]:
    texts = {value for _, value in walk.every(node, []) if isinstance(value, str)}
    return texts | walk.references(node)
