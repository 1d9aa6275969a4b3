import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmark import checkout, cli, make
from benchmark.errors import BenchmarkError

SOURCES = Path(__file__).parents[1] / "src"
# Waits where the application would be started, until it is interrupted.
INTERRUPTED = """
import sys, time
from contextlib import contextmanager
from benchmark import cli
@contextmanager
def waiting(*_):
    try:
        print("started", flush=True)
        time.sleep(60)
        yield []
    finally:
        print("stopped", flush=True)
cli.of_project = waiting
sys.exit(cli.main(["--directory", sys.argv[1]]))
"""


def test_a_wrong_option_is_a_line_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IMAGELABELLER_ONLY", "everything")
    before = {sign: signal.getsignal(sign) for sign in cli.INTERRUPTIONS}

    code = cli.main([])

    for sign, handler in before.items():
        signal.signal(sign, handler)
    assert code == 2
    assert capsys.readouterr().err.startswith("ONLY has no part 'everything'. It has endpoint,")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_stops_what_was_started(tmp_path: Path, sign: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(tmp_path)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES), "HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "started\n"
        process.send_signal(sign)
        out, errors = process.communicate(timeout=60)

    assert process.returncode == 130
    assert out == "stopped\n"
    # Before it, Matplotlib may say that it looks for fonts, in a home where it never did.
    assert errors.splitlines()[-1] == "Interrupted; what was started is stopped."
    assert "Traceback" not in errors


def test_what_make_fails_with_is_in_the_message(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("up:\n\t@echo It has no weights.; exit 1\n")

    with pytest.raises(BenchmarkError, match=r"make up failed in .*:\nIt has no weights\."):
        make.run(["up"], tmp_path)


def test_what_this_was_called_with_does_not_reach_the_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAGELABELLER_PORT", "4566")
    monkeypatch.setenv("MAKEFLAGS", "n")
    (tmp_path / "Makefile").write_text("show:\n\t@env\n")

    printed = make.run(["show"], tmp_path)

    assert "IMAGELABELLER_PORT" not in printed
    assert printed


def test_a_cloud_that_was_never_started_is_not_stopped(tmp_path: Path) -> None:
    checkout.Checkout("now", tmp_path, "version").stop()

    assert list(tmp_path.iterdir()) == []
