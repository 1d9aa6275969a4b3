"""No picture is found that costs more than ten times the most expensive ordinary one of its size.

For longer: `COST_SECONDS=3600 COST_SEED=7 .venv/bin/pytest tests/test_cost_search.py -s`
"""

import os
import random
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cost_search import Meter, Search

SECONDS = float(os.environ.get("COST_SECONDS", "10"))
# However busy the machine is, so many pictures of each format are tried.
ROUNDS = 20
SEED = int(os.environ.get("COST_SEED", "1"))
MOST = 10
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads costs from Linux"),
    pytest.mark.timeout(SECONDS * 2 + 600),
]


@pytest.fixture(scope="module")
def meter() -> Iterator[Meter]:
    made = Meter()
    yield made
    made.close()


def test_no_picture_is_found_that_costs_ten_times_an_ordinary_one(
    meter: Meter, tmp_path: Path
) -> None:
    search = Search(meter, random.Random(SEED))  # noqa: S311 - it is to be repeated
    search.run(SECONDS, ROUNDS)

    expensive = []
    print(f"\n{search.tried} pictures tried; the costliest, in times an ordinary one of its size:")  # noqa: T201 - the search's result
    for name, kept in search.worst.items():
        worst = kept[0]
        path = tmp_path / f"{name}-{zlib.crc32(worst.data):08x}"
        path.write_bytes(worst.data)
        line = (
            f"{name}: {worst.ratio:.1f} ({worst.cost.seconds:.3f} s,"
            f" {worst.cost.memory / 2**20:.0f} MiB, {len(worst.data)} bytes, {path})"
        )
        print(line)  # noqa: T201
        expensive += [line] if worst.ratio > MOST else []

    assert not expensive
