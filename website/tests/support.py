"""What the tests of a template share: where it is, and how its values are judged and listed."""

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
REGION = "us-west-1"
ACCOUNT = "123456789012"


def accepts(declared: dict[str, Any], value: object) -> bool:
    """Whether CloudFormation takes the value for the parameter that is declared so."""
    text = str(value)
    if "AllowedValues" in declared:
        return text in [str(allowed) for allowed in declared["AllowedValues"]]
    if declared["Type"] == "Number":
        return bool(declared["MinValue"] <= float(text) <= declared.get("MaxValue", float("inf")))
    pattern = declared.get("AllowedPattern", "(?s:.*)")
    return len(text) >= declared.get("MinLength", 0) and bool(re.fullmatch(pattern, text))


def table(readme: str, heading: str) -> dict[str, list[str]]:
    """The rows of the table below a heading: the further cells, by the first one."""
    section = readme.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line[:3] == "| `"]
    return {cells[0].strip("`"): cells[1:] for cells in rows}
