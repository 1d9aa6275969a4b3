"""Connects to the system under test, or says in a sentence why that is not possible."""

import os
from collections.abc import Iterator

import pytest

from system_tests.errors import NotReadyError
from system_tests.settings import Settings
from system_tests.system import System, connect
from system_tests.uploads import temporary

SYSTEM = pytest.StashKey[System]()
LABELLED = pytest.StashKey[list[str]]()


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.stash[LABELLED] = []
    try:
        session.config.stash[SYSTEM] = connect(Settings.from_environment(os.environ))
    except NotReadyError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    settings = config.stash[SYSTEM].settings
    # No test waits for more than two labels, or sends more than ten other requests.
    limit = 2 * settings.label_seconds + 10 * settings.request_seconds
    for item in items:
        item.add_marker(pytest.mark.timeout(limit))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    system = terminalreporter.config.stash.get(SYSTEM, None)
    if system is None:
        return
    settings = system.settings
    terminalreporter.section("ImageLabeller")
    where = settings.endpoint or "AWS"
    terminalreporter.line(f"{settings.region} on {where}, run {system.uploads.prefix}")
    terminalreporter.line(f"model {system.model['Name']} {system.model['Version']}")
    for name, mode in system.auth_modes.items():
        terminalreporter.line(f"{name}: AuthMode={mode}")
    for line in terminalreporter.config.stash[LABELLED]:
        terminalreporter.line(line)


@pytest.fixture(scope="session")
def system(pytestconfig: pytest.Config) -> Iterator[System]:
    found = pytestconfig.stash[SYSTEM]
    with temporary(found.uploads):
        yield found


@pytest.fixture(scope="session")
def labelled(pytestconfig: pytest.Config) -> list[str]:
    """Lines for the summary: what was labelled, and as what."""
    return pytestconfig.stash[LABELLED]
