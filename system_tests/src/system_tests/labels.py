"""The names of labels, which models spell in more ways than one."""

import re
from collections.abc import Iterable


def spellings(name: str) -> set[str]:
    """Return the ways in which a label may be referred to.

    Args:
        name: A label as a model spells it: `Egyptian cat`, `egyptian_cat`, `tabby, tabby cat`.

    Returns:
        Its synonyms in lower case with single spaces.
    """
    return {
        " ".join(re.findall(r"\w+", part)) for part in name.lower().replace("_", " ").split(",")
    }


def is_one_of(name: str, expected: Iterable[str]) -> bool:
    """Tell whether a label is one of some, however it is spelled.

    Args:
        name: A label as a model spells it.
        expected: Labels as the suite spells them.

    Returns:
        True where they have a spelling in common.
    """
    return any(spellings(name) & spellings(each) for each in expected)
