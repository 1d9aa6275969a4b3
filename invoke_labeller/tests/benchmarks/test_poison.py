import os
import subprocess
import sys

import pytest

from tests.support import ROOT


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's limits")
def test_the_benchmark_runs() -> None:
    done = subprocess.run(
        [
            *(sys.executable, "benchmarks/poison.py"),
            *("--rounds", "1", "--batches", "1", "--kinds", "crashes"),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
        capture_output=True,
        text=True,
        check=True,
    )

    lines = done.stdout.splitlines()
    assert [line[:7] for line in lines[3:]] == ["crashes", "all    "]
