"""The project is what its skeleton and its facts say."""

import re
from dataclasses import replace
from pathlib import Path

from local_aws.project.facts import INFRASTRUCTURE, Entry, Facts

from skeleton.__main__ import ROOT, findings
from skeleton.plan import plan

FACTS = Facts.read(ROOT)


def test_rendering_changes_nothing_and_nothing_is_kept_twice() -> None:
    assert findings(ROOT) == []


def changed(facts: Facts) -> set[Path]:
    """The files that are rendered otherwise from these facts, in the components."""
    before = {each.target: each.content for each in plan(ROOT, FACTS)}
    after = {each.target: each.content for each in plan(ROOT, facts)}
    return {path for path, content in after.items() if before.get(path) != content}


def described(change: str) -> int:
    """How many files the documentation says are rendered for a change."""
    page = (ROOT / "docs/source/changing.md").read_text()
    row = re.search(rf"^\| {change}[^|]*\|[^|]*\|[^|]*\| (\d+) \|$", page, re.MULTILINE)
    assert row
    return int(row[1])


def test_the_documentation_counts_what_a_region_changes() -> None:
    production = (*FACTS.environments["production"], "eu-central-1")
    facts = replace(FACTS, environments={**FACTS.environments, "production": production})

    assert len(changed(facts)) == described("a region")


def test_the_documentation_counts_what_a_component_gets() -> None:
    new = Entry("queue_infra", INFRASTRUCTURE, "OpenDevOpsQueue", {"template-tests": "tests"})
    facts = replace(FACTS, components={**FACTS.components, new.name: new})

    own = {path for path in changed(facts) if path.parts[0] == new.name}
    assert len(own) == described("a component")
