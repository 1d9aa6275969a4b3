"""Each rule, broken on purpose: what is called Bad is found by that rule, and nothing else is."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import cfnlint.decode
import pytest
from cfnlint.rules import CloudFormationLintRule

import house_rules
from tests.house import TEMPLATES, lint

RULES: dict[str, type[CloudFormationLintRule]] = {
    rule.id: rule for rule in (getattr(house_rules, name) for name in house_rules.__all__)
}
Findings = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def findings() -> Findings:
    by_file = defaultdict(list)
    for finding in lint(sorted(TEMPLATES.glob("*.yml"))):
        by_file[Path(finding["Filename"]).stem].append(finding)
    return by_file


def resources(template: Path) -> dict[str, Any]:
    decoded, problems = cfnlint.decode.decode(str(template))
    assert not problems
    return dict(decoded["Resources"])


def test_every_rule_has_a_template_that_breaks_it() -> None:
    assert {path.stem for path in TEMPLATES.glob("*.yml")} == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_broken_rule_is_found_where_it_is_broken_and_nowhere_else(
    rule: str, findings: Findings
) -> None:
    bad = {name for name in resources(TEMPLATES / f"{rule}.yml") if name.startswith("Bad")}

    found = findings[rule]

    assert bad
    assert {finding["Location"]["Path"][1] for finding in found} == bad
    assert {finding["Rule"]["Id"] for finding in found} == {rule}


def test_a_template_cannot_switch_a_rule_off(tmp_path: Path) -> None:
    for rule in RULES:
        switch = f"Metadata: {{cfn-lint: {{config: {{ignore_checks: [E, {rule}]}}}}}}\n"
        template = (TEMPLATES / f"{rule}.yml").read_text()
        (tmp_path / f"{rule}.yml").write_text(switch + template)

    found = {
        Path(finding["Filename"]).stem
        for finding in lint(sorted(tmp_path.glob("*.yml")))
        if finding["Rule"]["Id"] == Path(finding["Filename"]).stem
    }

    assert found == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_what_it_wants_and_on_whose_word(rule: str) -> None:
    assert RULES[rule].shortdesc
    assert RULES[rule].description
    assert RULES[rule].source_url.startswith("https://docs.aws.amazon.com/")
