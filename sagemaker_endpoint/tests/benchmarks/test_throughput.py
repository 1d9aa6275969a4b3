import subprocess
import sys
from pathlib import Path

from tests.processes import SOURCES, environment
from tests.samples import colours, write


def test_the_benchmark_runs(tmp_path: Path) -> None:
    script = SOURCES.parent / "benchmarks/throughput.py"
    arguments = ["--model", str(write(colours(), tmp_path)), "--rounds", "1"]

    result = subprocess.run(  # noqa: S603
        [sys.executable, script, *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )

    assert "  12 megapixels, ms" in result.stdout
    assert len(result.stdout.splitlines()) == 9
