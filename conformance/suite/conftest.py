"""What was held against what, counted for the table at the end."""

from collections import Counter

import pytest

CHECKS = pytest.StashKey[Counter[tuple[str, str]]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[CHECKS] = Counter()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the table: checks made, by source."""
    if checks := config.stash[CHECKS]:
        terminalreporter.section("checks made, by source")
        for (source, what), number in sorted(checks.items()):
            terminalreporter.write_line(f"{source:38} {what:48} {number:8}")
        terminalreporter.write_line(f"{'all':38} {'':48} {sum(checks.values()):8}")


@pytest.fixture(scope="session")
def checks(pytestconfig: pytest.Config) -> Counter[tuple[str, str]]:
    """How often what was held against which source, by source and subject."""
    return pytestconfig.stash[CHECKS]
