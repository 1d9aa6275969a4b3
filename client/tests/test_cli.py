"""The command line, as a shell runs it."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest

import imagelabeller
from tests.server import KEY, LOST, Application, Fault, serving

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "src/imagelabeller/result.schema.json").read_text())
JPEG = b"\xff\xd8\xff\xe0 a photograph"
TIMEOUT = 50

# A shell that runs the tests in the background ignores Ctrl-C, and its children would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def api() -> Iterator[Application]:
    with serving() as application:
        yield application


@pytest.fixture
def environment(api: Application, tmp_path: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUTF8": "1",
        "IMAGELABELLER_API": f"{api.url}/v1",
        "IMAGELABELLER_API_KEY": KEY,
        "IMAGELABELLER_CLIENT_STATE": str(tmp_path / "state"),
        "NO_PROXY": "*",
    }


type Run = Callable[..., subprocess.CompletedProcess[str]]


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "imagelabeller", *words]


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    def do(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*words),
            env=environment | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT,
        )

    return do


def shell(
    line: str, environment: dict[str, str], directory: Path
) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in a directory."""
    return subprocess.run(
        ["bash", "-c", line],
        env=environment,
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT,
    )


def on_terminal(names: list[str], environment: dict[str, str], columns: int) -> str:
    """Label pictures on a terminal, and return what it shows."""
    leader, terminal = pty.openpty()
    with subprocess.Popen(
        command("label", *names),
        env=environment | {"TERM": "xterm", "COLUMNS": str(columns)},
        stdout=terminal,
        stderr=terminal,
        stdin=subprocess.DEVNULL,
    ) as running:
        os.close(terminal)
        shown = b"".join(iter(lambda: _read(leader), b"")).decode()
    os.close(leader)
    assert running.returncode == 0
    return shown


def photographs(directory: Path, number: int) -> list[str]:
    paths = [directory / f"photo {index}.jpg" for index in range(number)]
    for index, path in enumerate(paths):
        path.write_bytes(JPEG + bytes([index]))
    return [str(path) for path in paths]


def test_a_picture_is_labelled(run: Run, tmp_path: Path) -> None:
    done = run("label", *photographs(tmp_path, 1))

    assert done.returncode == 0, done
    assert done.stdout.splitlines()[:2] == [" 75.0%  pug", " 12.5%  bull mastiff"]
    assert done.stdout.endswith(" s, lite 1\n")
    assert done.stderr == ""


def test_several_are_labelled_in_their_order(run: Run, api: Application, tmp_path: Path) -> None:
    names = photographs(tmp_path, 9)
    url = "https://example.org/a.jpg"

    done = run("label", "--threshold", "0.5", url, *names)

    assert done.returncode == 0, done
    assert done.stdout.splitlines() == [f"{name}: pug 75.0%" for name in [url, *names]]
    assert len(api.rows) == 10


def test_what_fails_is_reported_with_the_rest(run: Run, api: Application, tmp_path: Path) -> None:
    good, bad = photographs(tmp_path, 2)
    api.refused[Path(bad).read_bytes()] = "unsupported-image"

    done = run("label", bad, good)

    assert done.returncode == 1
    assert done.stdout == f"{good}: pug 75.0%, bull mastiff 12.5%\n"
    assert done.stderr.splitlines() == [
        f"{bad}: Title: Detail (415).",
        "1 labelled, 1 failed.",
    ]


def test_a_program_gets_an_object_per_picture_as_the_schema_says(
    run: Run, api: Application, tmp_path: Path
) -> None:
    good, bad, broken = photographs(tmp_path, 3)
    api.refused[Path(bad).read_bytes()] = "unsupported-image"
    api.outcomes[Path(broken).read_bytes()] = {"Status": "FAILED", "FailureCode": "incomplete"}

    done = run("label", "--json", "--top", "1", good, bad, broken)

    assert done.returncode == 1
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    for each in documents:
        jsonschema.validate(each, SCHEMA)
    assert [each["Picture"] for each in documents] == [good, bad, broken]
    assert documents[0]["Labels"] == [{"Name": "pug", "Confidence": 0.75}]
    assert documents[1]["Error"]["Type"] == "unsupported-image"
    assert documents[2]["Error"]["Type"] == "labelling-failed"
    assert documents[2]["Error"]["FailureCode"] == "incomplete"


def test_the_schema_refuses_what_is_not_promised() -> None:
    labelled = {"Picture": "x", "Outcome": "labelled", "ImageId": "i", "Seconds": 1}

    for wrong in (labelled, {"Picture": "x", "Outcome": "failed", "Seconds": 1}, {}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, SCHEMA)


def test_the_same_command_neither_uploads_nor_submits_again(
    run: Run, api: Application, tmp_path: Path
) -> None:
    words = ["label", "https://example.org/a.jpg", *photographs(tmp_path, 2)]

    first, second = run(*words), run(*words)

    assert first.stdout == second.stdout
    assert (api.calls["bucket"], api.calls["submit"]) == (2, 3)
    assert run(*words, "--again").returncode == 0
    assert api.calls["submit"] == 6


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_after_an_interruption_the_same_command_goes_on(
    run: Run,
    api: Application,
    environment: dict[str, str],
    tmp_path: Path,
    sign: signal.Signals,
) -> None:
    names = photographs(tmp_path, 6)
    api.hold.set()
    words = command("label", "--json", "--jobs", "3", *names)
    pipe = subprocess.PIPE
    with subprocess.Popen(words, env=environment, stdout=pipe, stderr=pipe, text=True) as running:
        until(lambda: api.calls["look-up"] >= 3)
        running.send_signal(sign)
        printed, errors = running.communicate(timeout=TIMEOUT)

    assert running.returncode == 130
    documents = [json.loads(line) for line in printed.splitlines()]
    assert [(each["Picture"], each["Outcome"]) for each in documents] == [
        (name, "unfinished") for name in names
    ]
    for each in documents:
        jsonschema.validate(each, SCHEMA)
    assert "Traceback" not in errors
    assert errors.endswith("The same command goes on where this one stopped.\n")
    assert len(api.rows) == 3

    api.hold.clear()
    done = run("label", "--json", *names)

    assert done.returncode == 0, done
    assert len(api.rows) == 6
    assert (api.calls["bucket"], api.calls["submit"]) == (6, 6)


def test_a_killed_process_has_uploaded_nothing_in_vain(
    run: Run, api: Application, environment: dict[str, str], tmp_path: Path
) -> None:
    names = photographs(tmp_path, 2)
    # Each row is there, and the answer does not come.
    api.faults["submit"] = [LOST] * 2
    running = subprocess.Popen(
        command("label", *names),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: len(api.rows) == 2)
    running.kill()
    running.wait()

    assert run("label", *names).returncode == 0
    assert len(api.rows) == 2
    assert api.calls["bucket"] == 2


def test_many_pictures_are_labelled_once_each_while_the_api_throttles(
    run: Run, api: Application, tmp_path: Path
) -> None:
    names = photographs(tmp_path, 30)
    for operation in ("uploads", "submit", "look-up"):
        api.faults[operation] = [None, Fault(429, "1", slug="too-many-requests")]

    done = run("label", "--jobs", "8", str(tmp_path), "--quiet", "--json")

    assert done.returncode == 0, done
    assert len(done.stdout.splitlines()) == len(names)
    assert len(api.rows) == len(names)


def test_an_image_is_shown_and_withdrawn(run: Run, api: Application, tmp_path: Path) -> None:
    run("label", *photographs(tmp_path, 1))
    [image] = api.rows

    shown, document = run("show", image), run("show", "--json", image)
    gone = run("withdraw", image)

    assert shown.stdout == " 75.0%  pug\n 12.5%  bull mastiff\nlite 1\n"
    jsonschema.validate(json.loads(document.stdout), SCHEMA)
    assert gone.stdout == f"{image} is withdrawn.\n"
    assert api.rows == {}
    again = run("show", image)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == "Title: Detail (404).\n"


@pytest.mark.parametrize(
    ("words", "variables", "code", "printed"),
    [
        (["label", "nothing.jpg"], {}, 2, "There is no file nothing.jpg."),
        (["label"], {}, 2, "the following arguments are required: PICTURE"),
        (["label", "--top", "0", "https://x"], {}, 2, "'0' is not a whole number from 1"),
        (["label", "--threshold", "40", "https://x"], {}, 2, "'40' is not a number from 0 to 1"),
        (["label", "https://x"], {"IMAGELABELLER_API_KEY": ""}, 2, "The API key is missing"),
        (["label", "https://x"], {"IMAGELABELLER_API_KEY": "no"}, 4, "Title: Detail (403)."),
        (["show", "x"], {"IMAGELABELLER_API": "http://127.0.0.1:1"}, 3, "127.0.0.1:1 does not an"),
        (["show", "x"], {"IMAGELABELLER_API": "http://a.example"}, 2, "unencrypted: use https"),
        (["show", "x"], {"IMAGELABELLER_API": "x"}, 2, "'x' is not the address of an API"),
        (["label", "https://x"], {"IMAGELABELLER_CLIENT_STATE": "/dev/null/x"}, 2, "--state DIREC"),
        (["show", "x"], {"IMAGELABELLER_API": "https://a..example"}, 2, "is not the address of an"),
        (["show", "x"], {"IMAGELABELLER_API": "https://a.example:99999"}, 2, "is not the address"),
        (["show", "\udcff"], {}, 2, r"'\udcff' is no image's id."),
        (["withdraw", ""], {}, 2, "'' is no image's id."),
        (["label", "https://x/\udcff.jpg"], {}, 2, r"https://x/\udcff.jpg is no address"),
        (["fly"], {}, 2, "invalid choice: 'fly'"),
    ],
)
def test_a_failure_has_its_exit_code_and_its_sentence(
    run: Run, words: list[str], variables: dict[str, str], code: int, printed: str
) -> None:
    done = run(*words, **variables)

    assert done.returncode == code
    assert printed in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_where_no_picture_can_be_labelled_the_others_are_not_tried(
    run: Run, api: Application, tmp_path: Path
) -> None:
    names = photographs(tmp_path, 20)

    done = run("label", "--json", *names, IMAGELABELLER_API_KEY="wrong")

    assert done.returncode == 4
    outcomes = [json.loads(line)["Outcome"] for line in done.stdout.splitlines()]
    assert outcomes == ["unfinished"] * 20
    assert api.calls["uploads"] <= 4


def test_a_reader_that_leaves_is_no_error(
    api: Application, environment: dict[str, str], tmp_path: Path
) -> None:
    photographs(tmp_path, 40)
    line = f"set -o pipefail; '{sys.executable}' -m imagelabeller label --json . | head -n 1"

    done = shell(line, environment, tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["Outcome"] == "labelled"
    assert api.rows


@pytest.mark.parametrize("redirection", [">&-", "> /dev/full"])
def test_results_that_cannot_be_written_are_no_bug(
    api: Application, environment: dict[str, str], tmp_path: Path, redirection: str
) -> None:
    photographs(tmp_path, 2)

    done = shell(
        f"'{sys.executable}' -m imagelabeller label . {redirection}", environment, tmp_path
    )

    # A disk that is full is named; whoever closes the output wants none.
    full = "The results cannot be written: No space left on device.\n"
    assert (done.returncode, done.stderr) == ((0, "") if redirection == ">&-" else (1, full))
    assert api.rows


def test_all_results_are_written_although_nobody_reads_the_messages(
    api: Application, environment: dict[str, str], tmp_path: Path
) -> None:
    # Given pictures of which every other one fails with a message.
    names = photographs(tmp_path, 40)
    for name in names[::2]:
        api.refused[Path(name).read_bytes()] = "unsupported-image"
    program = f"'{sys.executable}' -m imagelabeller"

    # When whoever reads the messages leaves at once.
    line = f"{{ {program} label . 2>&1 >labels.txt; echo $? >code.txt; }} | true"
    shell(line, environment, tmp_path)

    # Then the labels of the others are there, and the exit code is the usual one.
    labels = (tmp_path / "labels.txt").read_text().splitlines()
    assert (len(labels), (tmp_path / "code.txt").read_text()) == (20, "1\n")


def test_a_terminal_shows_progress_and_a_table(environment: dict[str, str], tmp_path: Path) -> None:
    shown = on_terminal(photographs(tmp_path, 3), environment, columns=120)

    assert "labelling" in shown
    assert "3/3" in shown
    assert "pug 75.0%, bull mastiff 12.5%" in shown
    assert "lite 1" in shown


def test_nothing_is_cut_on_a_narrow_terminal(environment: dict[str, str], tmp_path: Path) -> None:
    names = photographs(tmp_path, 2)

    shown = on_terminal(names, environment, columns=20)

    for name in names:
        assert f"{name}: pug 75.0%, bull mastiff 12.5%" in shown


def test_the_version_is_the_package_s(run: Run) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert run("--version").stdout == f"imagelabeller {project['version']}\n"
    assert imagelabeller.__version__ == project["version"]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 4096)
    except OSError:
        # Linux says so when the last writer has gone.
        return b""
