"""The facts are read as they are written, and refused where they make no sense."""

from pathlib import Path

import pytest

from local_aws import CloudError
from local_aws.project.facts import Entry, Facts, Place

GOOD = """
environments:
  test: [us-west-1]
  production: [us-west-2, eu-west-1]
components:
  tool: {kind: tool}
  storage: {kind: infrastructure, stack: Storage}
  echo: {kind: function, stack: Echo}
  suite: {kind: suite}
  roles: {kind: account, stack: Roles}
"""


def read(directory: Path, text: str) -> Facts:
    (directory / "facts.yml").write_text(text)
    return Facts.read(directory)


def test_places_are_in_the_order_of_delivery(tmp_path: Path) -> None:
    facts = read(tmp_path, GOOD)

    assert facts.places == (
        Place("test", "us-west-1"),
        Place("production", "us-west-2"),
        Place("production", "eu-west-1"),
    )
    assert facts.places[2].deployment == "Production eu-west-1"
    assert facts.regions == ("us-west-1", "us-west-2", "eu-west-1")


def test_the_kind_decides_what_is_a_repository_and_what_has_a_stack(tmp_path: Path) -> None:
    facts = read(tmp_path, GOOD)

    assert facts.repositories == ("storage", "echo", "suite")
    assert facts.stacks == {"storage": "Storage", "echo": "Echo"}
    assert facts.of("account") == ("roles",)
    assert facts.components["roles"] == Entry("roles", "account", "Roles")


def test_what_carries_the_run_of_the_system_tests_is_tested(tmp_path: Path) -> None:
    text = GOOD.replace("stack: Echo", "stack: Echo, carries: {tested: .}")

    assert read(tmp_path, GOOD).tested == ()
    assert read(tmp_path, text).tested == ("echo",)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("us-west-2", "us-west", "us-west is not the name of an AWS region"),
        ("us-west-2", "us-west-1", "us-west-1 is listed twice"),
        ("[us-west-1]", "[]", "test has no region"),
        ("kind: tool", "kind: helper", "tool is of kind 'helper'"),
        ("kind: infrastructure, stack: Storage", "kind: infrastructure", "which has a stack"),
        ("kind: suite", "kind: suite, stack: Suite", "which has no stack"),
        ("environments:", "regions:", "two keys, environments and components"),
        ("[us-west-1]", "us-west-1", "test has no region"),
        ("production:", "test:", "test is listed twice"),
        ("  echo:", "  storage:", "storage is listed twice"),
        ("stack: Echo", "stack: Storage", "storage and echo have one stack, Storage"),
        ("stack: Echo", "stack: [Echo]", "'Echo'.* of echo cannot be the name of a stack"),
        ("stack: Echo", "stack: Ech_o", "'Ech_o' of echo cannot be the name of a stack"),
        ("stack: Echo", "stak: Echo", "echo has no stak; a component has kind, stack"),
        ("stack: Echo", "stack: Echo, carries: [api]", "carries of echo is not a mapping"),
        ("stack: Echo", "stack: Echo, carries: {api: 3}", "echo carries api in 3"),
        ("stack: Echo", "stack: Echo, carries: {api: ../x}", "echo carries api in '../x'"),
        ("stack: Echo", "stack: Echo, carries: {api: /tmp}", "echo carries api in '/tmp'"),
        ("stack: Echo", "stack: Echo, taskcat: yes", "taskcat of echo is not a mapping"),
        ("suite: {kind: suite}", "suite:", "suite is not a mapping"),
        ("suite: {kind: suite}", "suite: suite", "suite is not a mapping"),
        ("suite: {kind: suite}", "suite: {}", "suite is of kind ''"),
        ("suite: {kind: suite}", "../suite: {kind: suite}", "'../suite' is not the name of a dir"),
        ("suite: {kind: suite}", "1: {kind: suite}", "components is not a mapping of names"),
        ("components:", "components: [", "cannot be read"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    with pytest.raises(CloudError, match=reason):
        read(tmp_path, GOOD.replace(old, new))
