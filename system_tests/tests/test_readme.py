"""The README says what the code says."""

import json
import re

from system_tests.settings import Settings
from tests.test_suite import HERE

README = (HERE / "README.md").read_text()


def section(heading: str) -> str:
    [body] = [part for part in README.split("\n## ") if part.startswith(heading + "\n")]
    return body


def test_lists_the_settings_with_their_defaults() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| `?([^`|]+?)`? \|", section("Settings"), re.MULTILINE))
    source = (HERE / "src/system_tests/settings.py").read_text()
    assert set(rows) | {"AWS_DEFAULT_REGION"} == set(re.findall(r'"([A-Z0-9_]+)"', source))
    del rows["AWS_ENDPOINT_URL"]
    assert Settings.from_environment(rows) == Settings.from_environment({"AWS_REGION": "us-west-1"})


def test_lists_every_file_of_the_suite() -> None:
    listed = re.findall(r"^\| `(suite/\w+\.py)`", section("What it covers"), re.MULTILINE)
    assert sorted(listed) == sorted(f"suite/{path.name}" for path in HERE.glob("suite/test_*.py"))


def test_the_policy_names_every_resource() -> None:
    [text] = re.findall(r"```json\n(.*?)```", section("Permissions"), re.DOTALL)
    for statement in json.loads(text)["Statement"]:
        actions, resources = (
            [each] if isinstance(each, str) else each
            for each in (statement["Action"], statement["Resource"])
        )
        assert not [action for action in actions if "*" in action]
        # Listing stacks knows no resource.
        assert "*" not in resources or actions == ["cloudformation:ListStacks"]
