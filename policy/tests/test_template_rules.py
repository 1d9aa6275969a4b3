"""Each rule, broken on purpose: what is called Bad is found by that rule, and nothing else is."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import cfnlint.decode
import pytest
from cfnlint.rules import CloudFormationLintRule

import template_rules
from tests.paths import TEMPLATES, lint

RULES: dict[str, type[CloudFormationLintRule]] = {
    rule.id: rule for rule in (getattr(template_rules, name) for name in template_rules.__all__)
}
Findings = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """What one run finds, by file; "-off" ends the name of one that forbids its rule."""
    folder = tmp_path_factory.mktemp("templates")
    for rule in RULES:
        switch = f"Metadata:\n  cfn-lint: {{config: {{ignore_checks: [E, {rule}]}}}}\n"
        template = (TEMPLATES / f"{rule}.yml").read_text().removeprefix("Metadata:\n")
        (folder / f"{rule}-off.yml").write_text(switch + template)
    by_file = defaultdict(list)
    for finding in lint([*sorted(TEMPLATES.glob("*.yml")), *sorted(folder.glob("*.yml"))]):
        by_file[Path(finding["Filename"]).stem].append(finding)
    return by_file


def named(template: Path) -> dict[str, Any]:
    decoded, problems = cfnlint.decode.decode(str(template))
    assert not problems
    sections = ("Parameters", "Resources", "Outputs")
    return {name: each for key in sections for name, each in decoded.get(key, {}).items()}


def test_every_rule_has_a_template_that_breaks_it() -> None:
    assert {path.stem for path in TEMPLATES.glob("*.yml")} == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_broken_rule_is_found_where_it_is_broken_and_nowhere_else(
    rule: str, findings: Findings
) -> None:
    bad = {name for name in named(TEMPLATES / f"{rule}.yml") if name.startswith("Bad")}

    found = findings[rule]

    assert bad
    assert {finding["Location"]["Path"][1] for finding in found} == bad
    assert {finding["Rule"]["Id"] for finding in found} == {rule}


@pytest.mark.parametrize("rule", RULES)
def test_a_template_cannot_switch_a_rule_off(rule: str, findings: Findings) -> None:
    assert rule in {finding["Rule"]["Id"] for finding in findings[f"{rule}-off"]}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_what_it_wants_and_on_whose_word(rule: str) -> None:
    assert RULES[rule].shortdesc
    assert RULES[rule].description
    assert RULES[rule].source_url.startswith("https://docs.aws.amazon.com/")
