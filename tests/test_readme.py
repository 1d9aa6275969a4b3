"""The README names what exists, and every command that it shows is run by a test or by CI."""

import re

import pytest
from local_aws.project.facts import SUITE, Facts

from tests.checkouts.commands import AFTER_THE_DEMO, ALONE
from tests.project import PROJECT

README = (PROJECT / "README.md").read_text()
# What .ci/run runs, each in a fresh clone of its own.
CI = ("demo", "check", "test", "test-checkouts", "test-faults", "conformance")
# What it runs where the demo is running.
WITH_THE_DEMO = ("browser-tests",)
# `make deliver` runs every component's own checks twice, so its parts are tested instead.
LEFT_OUT = ("deliver",)


# Where all of the repositories, or all of those with a stack, are counted.
COUNTS = [
    ("README.md", r"(\w+)\sCloudFormation stacks and a system test suite"),
    ("README.md", r"into the (\w+) repositories"),
    ("docs/source/index.md", r"delivered\*: (\w+) repositories"),
    ("docs/source/run-locally.md", r"splits the tree into (\w+) Git repositories"),
    ("docs/source/bitbucket.md", r"^(\w+) repositories, one per component"),
    ("docs/source/bitbucket.md", r"pushing all (\w+) repositories"),
]
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")


def shown() -> list[str]:
    """The calls of make in the README's blocks of commands, without the word make."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line.removeprefix("make ") for line in lines if line]


def test_every_target_it_names_exists() -> None:
    makefiles = (PROJECT / "Makefile").read_text() + (PROJECT / "s3_infra/Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefiles, re.MULTILINE))
    named = set(re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", README, re.MULTILINE))

    assert {first or second for first, second in named} <= targets


@pytest.mark.parametrize(("page", "words"), COUNTS)
def test_it_and_the_documentation_count_the_repositories_as_they_are(page: str, words: str) -> None:
    facts = Facts.read(PROJECT)
    number = len(facts.repositories)
    if "stacks" in words:
        number -= len(facts.of(SUITE))

    counted = re.findall(words, (PROJECT / page).read_text(), re.MULTILINE)

    assert [word.lower() for word in counted] == [NUMBERS[number - 1]]


def test_every_command_it_shows_is_run() -> None:
    known = (*CI, *WITH_THE_DEMO, *LEFT_OUT, *ALONE, *AFTER_THE_DEMO)

    assert set(shown()) == set(known)


def test_ci_runs_the_long_ones_in_clones_of_their_own() -> None:
    script = (PROJECT / ".ci/run").read_text()
    alone = re.findall(r"^\s*alone make (\S+)$", script, re.MULTILINE)

    demo = re.search(r"^demo\(\) {\n\talone make demo\n(.*?)^}", script, re.DOTALL | re.MULTILINE)

    assert set(CI) <= set(alone)
    assert demo
    assert set(WITH_THE_DEMO) <= set(re.findall(r"^\trun make (\S+)$", demo[1], re.MULTILINE))
