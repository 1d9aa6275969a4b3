from collections.abc import Callable, Iterator

import pytest

from tests.attacks.model import Attack, Outcome, Tally
from tests.attacks.namespace import Arena, unavailable
from tests.attacks.tables.places import NAMESERVER, is_foreign, is_special

type Attempt = Callable[[str, Attack], Outcome]

# The time and the memory within which whatever a stranger sends is dealt with.
SLACK_SECONDS = 15
# The largest file twice (as it grows, and as it is passed on), and room for the libraries.
MAX_GROWTH = 48 * 2**20

_tally = Tally()


@pytest.fixture(scope="session")
def tally() -> Tally:
    return _tally


@pytest.fixture(scope="session")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    directory = tmp_path_factory.mktemp("arena")
    if reason := unavailable(directory):
        pytest.skip(f"{reason}; tests/test_fetcher_hostile.py attacks without a namespace")
    arena = Arena(directory)
    yield arena
    arena.close()


@pytest.fixture
def attempt(arena: Arena, tally: Tally) -> Attempt:
    """Carry an attack out, and hold it to what is true of every one."""

    def carry_out(group: str, attack: Attack) -> Outcome:
        outcome = arena.run(attack)
        forbidden = not_allowed(outcome, is_special if attack.anywhere else is_foreign)
        ok = outcome.result in attack.expected and not forbidden
        tally.add(group, outcome, forbidden, ok=ok)
        assert forbidden == []
        assert outcome.result in attack.expected, outcome
        assert outcome.seconds < attack.seconds + SLACK_SECONDS
        assert outcome.growth < MAX_GROWTH
        # The sniffer missed nothing: it saw as many openings as the kernel counted.
        assert len(outcome.openings) >= outcome.active_opens
        return outcome

    return carry_out


def not_allowed(outcome: Outcome, wrong: Callable[[str], bool]) -> list[object]:
    """Return what was connected to, or tried, although it is wrong."""
    openings = [o for o in outcome.openings if o != (NAMESERVER, 53) and wrong(o[0])]
    attempts = [a for a in outcome.attempts if wrong(a)]
    return [*openings, *attempts]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was tried, in the last run."""
    if not _tally.tried:
        return
    write = terminalreporter.write_line
    terminalreporter.section("attacks on the fetcher")
    for group, tried in _tally.tried.items():
        write(f"{group:32} {tried:5} tried {_tally.stopped[group]:5} as they should end")
    write(
        f"{'in all':32} {sum(_tally.tried.values()):5} tried"
        f" {sum(_tally.stopped.values()):5} as they should end"
    )
    write(f"connections to forbidden addresses: {_tally.forbidden}")
    write(
        f"longest: {_tally.slowest:.1f} s; memory's peak grew by at most"
        f" {_tally.growth / 2**20:.0f} MiB"
    )
    write(
        f"control: clients without these rules reached forbidden addresses in"
        f" {_tally.control_leaked} of {_tally.control_tried} attacks"
    )
