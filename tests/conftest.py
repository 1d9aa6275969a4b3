"""The whole application, running, and what was tried on it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from local_aws.cloud import Cloud
from local_aws.servers.plans import PATCHED
from local_aws.settings import Settings

from tests.evaluation.scores import Score, table
from tests.project import PROJECT

RECORDING = PROJECT / "tests/privileges/recording_ministack.py"

COUNTS = pytest.StashKey[Counter[str]]()
SCORES = pytest.StashKey[list[Score]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[COUNTS] = Counter()
    config.stash[SCORES] = []


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what this run tried."""
    if counts := config.stash[COUNTS]:
        terminalreporter.section("tried in this run")
        for what, number in counts.items():
            terminalreporter.write_line(f"{what:70} {number:6}")
    if scores := config.stash[SCORES]:
        terminalreporter.section("labels of photographs whose content is known")
        for line in table(scores):
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def counts(pytestconfig: pytest.Config) -> Counter[str]:
    """What was tried, in words, and how often; printed when the run ends."""
    return pytestconfig.stash[COUNTS]


@pytest.fixture(scope="session")
def scores(pytestconfig: pytest.Config) -> list[Score]:
    """How well photographs were labelled, by their source; printed when the run ends."""
    return pytestconfig.stash[SCORES]


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An embedded cloud on free ports, with the whole application deployed from its templates."""
    state = tmp_path_factory.mktemp("cloud")
    settings = replace(
        Settings.read({}),
        state=state,
        # The environments are those of `make demo`: they do not change between two clouds.
        environments=PROJECT / ".local/environments",
        port=0,
        program=(str(RECORDING), str(PATCHED), str(state / "calls.jsonl")),
    )
    with Cloud(settings) as running:
        running.deploy()
        yield running
