"""Every picture is labelled or has failed with a reason, within the function's memory and time."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.picture_corpus import BOMBS, EITHER, KINDS, LARGE, Maker
from tests.support import ROOT

type Corpus = dict[str, tuple[str, Maker]]
type Results = dict[str, dict[str, Any]]

# As in the template: MemorySize in MB, and of processor time a small part of Timeout, since a batch
# has ten pictures.
MEMORY = 1769
SECONDS = 15
MAX_SENT = 6 * 2**20
# What the function needs in addition to the picture, boto3 and its clients above all.
RESERVED = 256

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak from Linux"),
]


@pytest.fixture(scope="module")
def label(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Corpus], Results]:
    known: dict[int, Results] = {}

    def label_all(corpus: Corpus) -> Results:
        if id(corpus) not in known:
            known[id(corpus)] = run(corpus, tmp_path_factory.mktemp("corpus"))
        return known[id(corpus)]

    return label_all


def run(corpus: Corpus, directory: Path) -> Results:
    for name, (_, make) in corpus.items():
        (directory / name).write_bytes(make())
    done = work(directory)
    for path in directory.iterdir():
        path.unlink()
    results = {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}
    # A crash takes all that come after it along: say where it was.
    assert done.returncode == 0, f"after {list(results)[-1:]}: {done.stderr[-2000:]}"
    return results


def work(directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.label_worker", directory],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
    )


def check(result: dict[str, Any], expected: str) -> None:
    assert result["outcome"] in expected
    if result["outcome"] == "failed":
        assert result["reason"].endswith(".")
        assert result["sent"] == []
    else:
        assert len(result["sent"]) == 1
        assert result["sent"][0] < MAX_SENT
    assert result["peak"] < (MEMORY - RESERVED) * 2**20
    assert result["seconds"] < SECONDS


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_picture_ends(label: Callable[[Corpus], Results], name: str) -> None:
    check(label(KINDS)[name], KINDS[name][0])


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little(label: Callable[[Corpus], Results], name: str) -> None:
    check(label(BOMBS)[name], BOMBS[name][0])


@pytest.mark.parametrize("name", LARGE)
def test_fifty_megapixels_are_labelled(label: Callable[[Corpus], Results], name: str) -> None:
    check(label(LARGE)[name], LARGE[name][0])


def test_the_memory_is_the_functions() -> None:
    declared = yaml.safe_load((ROOT / "template.yml").read_text().partition("Conditions:")[0])

    assert declared["Parameters"]["MemorySize"]["Default"] == MEMORY


def test_the_expectations_are_those_that_the_check_knows() -> None:
    assert {*EITHER.split(" or ")} >= {
        expected for corpus in (KINDS, BOMBS, LARGE) for expected, _ in corpus.values()
    } - {EITHER}
