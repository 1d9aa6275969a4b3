import json
import os
import platform
import resource
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from invoke_labeller import decoder as module
from invoke_labeller.decode_exchange import Kind
from invoke_labeller.decode_limits import LARGE_PIXELS
from invoke_labeller.decode_process import MEMORY, DecodeProcess
from invoke_labeller.decoder import CRASHED, TOO_LONG, TOO_MUCH_MEMORY, Decoder
from invoke_labeller.errors import PermanentError, TransientError
from invoke_labeller.failure import FailureCode
from invoke_labeller.picture import prepare
from invoke_labeller.ports import Prepared
from tests.pictures import PHOTO, encoded, photo
from tests.support import ROOT

LARGER_PHOTO = encoded(photo(1024, 768), "JPEG")
# https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, minflt, after the program's name
MINOR_FAULTS = 7
LARGE = f" {LARGE_PIXELS + 1}".encode()
pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's limits")


@pytest.fixture
def started() -> list[DecodeProcess]:
    """The processes that the decoder has started."""
    return []


@pytest.fixture
def decoder(monkeypatch: pytest.MonkeyPatch, started: list[DecodeProcess]) -> Iterator[Decoder]:
    """A decoder whose processes do what the file says."""
    monkeypatch.syspath_prepend(str(ROOT))

    def start() -> DecodeProcess:
        started.append(DecodeProcess("tests.misbehaving_worker"))
        return started[-1]

    made = Decoder(start)
    yield made
    made.close()


@pytest.fixture(scope="module")
def real() -> Iterator[Decoder]:
    made = Decoder()
    yield made
    made.close()


def soon(seconds: float = 30) -> float:
    return time.monotonic() + seconds


def eventually(condition: Callable[[], bool]) -> None:
    until = soon()
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def end(slow: list[Future[Prepared]], decoder: Decoder, started: list[DecodeProcess]) -> None:
    """End the processes of slow pictures, which have not ended yet, one after the other."""
    assert not any(each.done() for each in slow)
    signalled = set[DecodeProcess]()

    def ended() -> bool:
        for process in {*started} - {*decoder._idle} - signalled:  # noqa: SLF001 - those that work
            signalled.add(process)
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGTERM)
        return all(each.done() for each in slow)

    eventually(ended)
    assert all(isinstance(each.exception(), TransientError) for each in slow)


def process_of(decoder: Decoder, what: bytes = b"nothing") -> int:
    return int(decoder.prepare(what, soon()).jpeg.split()[-1])


def test_a_picture_is_decoded_as_it_would_be_here(real: Decoder) -> None:
    assert real.prepare(PHOTO, soon()) == prepare(PHOTO)


@pytest.mark.parametrize(("format_name", "share"), [("PNG", 1), ("PNG", 0.8), ("WEBP", 1)])
def test_a_large_picture_is_decoded_whole_or_damaged(
    real: Decoder, format_name: str, share: float
) -> None:
    data = encoded(photo(4000, 3000), format_name)
    data = data[: int(len(data) * share)]

    assert real.prepare(data, soon()) == prepare(data)


def test_processes_are_kept(decoder: Decoder) -> None:
    assert len({process_of(decoder) for _ in range(5)}) == 1


@on_linux
@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_a_process_keeps_nothing_of_the_pictures_that_it_decoded(format_name: str) -> None:
    """Else its limit of memory is met by a picture that needs little."""
    process = DecodeProcess()
    data = encoded(photo(2400, 1800), format_name)
    memory = []

    for _ in range(7):
        kind, _ = process.decode(data, soon(), lambda _: None)
        assert kind is Kind.WHOLE
        process.decode(b"", soon(), lambda _: None)
        status = Path(f"/proc/{process.pid}/status").read_text()
        memory.append(int(status.split("VmSize:")[1].split()[0]) / 1024)
    process.kill()

    two_pictures = 2 * 3 * 2400 * 1800 / 2**20
    assert max(memory[2:]) - memory[1] < two_pictures, "after five more; the libraries keep some"


@on_linux
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries have no such limit")
def test_a_process_decodes_in_the_memory_that_it_has() -> None:
    """Having the kernel clear and map it again took a fifth of a picture's processor time."""
    process = DecodeProcess()
    faults = []

    for _ in range(6):
        kind, _ = process.decode(LARGER_PHOTO, soon(), lambda _: None)
        assert kind is Kind.WHOLE
        status = Path(f"/proc/{process.pid}/stat").read_text()
        faults.append(int(status.rpartition(")")[2].split()[MINOR_FAULTS]))
    process.kill()

    pages_of_the_picture = 3 * 1024 * 768 // resource.getpagesize()
    assert faults[-1] - faults[-2] < pages_of_the_picture / 2


@on_linux
def test_a_file_that_there_is_no_memory_for_is_reported_as_such(decoder: Decoder) -> None:
    """It is read before its limits are set: reading it ends no process."""
    for _ in range(4):
        decoder.prepare(b"hold", soon())

    assert decoder.prepare(b"nothing 5" + b" " * 30 * 2**20, soon()).jpeg


@on_linux
@pytest.mark.parametrize(
    ("fault", "reason", "code"),
    [
        (b"spin", TOO_LONG, FailureCode.TOO_COSTLY),
        (b"grow", TOO_MUCH_MEMORY, FailureCode.TOO_COSTLY),
        (b"crash", CRASHED, FailureCode.UNDECODABLE),
        (b"damaged", "The picture is damaged.", FailureCode.UNDECODABLE),
    ],
)
@pytest.mark.parametrize("before", [b"", b"nothing"])
def test_what_depends_on_the_picture_alone_is_permanent(
    decoder: Decoder, fault: bytes, reason: str, code: FailureCode, before: bytes
) -> None:
    if before:
        decoder.prepare(before, soon())

    with pytest.raises(PermanentError, match=reason.replace(".", r"\.")) as caught:
        decoder.prepare(fault, soon())

    assert (caught.value.code, caught.value.reason) == (code, reason)
    assert decoder.prepare(b"nothing", soon()).jpeg


@pytest.mark.parametrize(
    ("fault", "code"),
    [(b"disappear", FailureCode.OUT_OF_MEMORY), (b"leave", FailureCode.INTERNAL_ERROR)],
)
def test_an_end_of_unknown_cause_is_not_the_pictures(
    decoder: Decoder, fault: bytes, code: FailureCode
) -> None:
    with pytest.raises(TransientError, match="The decoder was ended by") as caught:
        decoder.prepare(fault, soon())

    assert caught.value.code is code

    assert decoder.prepare(b"nothing", soon()).jpeg


def test_a_picture_that_waits_for_the_machine_is_not_failed_by_the_clock(decoder: Decoder) -> None:
    process = process_of(decoder)

    with pytest.raises(TransientError, match="not decoded in time") as caught:
        decoder.prepare(b"sleep", soon(0.5))

    assert caught.value.code is FailureCode.NOT_DECODED

    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_no_picture_waits_longer_than_the_decoder_allows(
    decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.5)

    with pytest.raises(TransientError, match="not decoded in time"):
        decoder.prepare(b"sleep", soon(1000))


@on_linux
def test_the_memory_that_an_earlier_picture_kept_is_not_anothers_fault(decoder: Decoder) -> None:
    for _ in range(4):
        decoder.prepare(b"hold", soon())

    assert decoder.prepare(b"need", soon()).jpeg


def test_a_slow_picture_leaves_a_process_to_the_others(
    decoder: Decoder, started: list[DecodeProcess]
) -> None:
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(decoder.prepare, b"sleep", soon(60))
        eventually(lambda: len(decoder._idle) == module.PROCESSES - 1)  # noqa: SLF001 - to count them

        for _ in range(50):
            process_of(decoder)

        end([slow], decoder, started)


def test_a_turn_that_does_not_come_is_nobodys_fault(
    decoder: Decoder, started: list[DecodeProcess]
) -> None:
    with ThreadPoolExecutor(2) as pool:
        slow = [pool.submit(decoder.prepare, b"sleep", soon(60)) for _ in range(2)]
        eventually(lambda: len(decoder._idle) == module.PROCESSES - 2)  # noqa: SLF001 - to count them

        with pytest.raises(TransientError, match="turn"):
            decoder.prepare(b"nothing", soon(0.2))

        end(slow, decoder, started)


def test_large_pictures_are_decoded_one_at_a_time(decoder: Decoder) -> None:
    process_of(decoder)
    with ThreadPoolExecutor(3) as pool:
        started = time.monotonic()
        list(pool.map(lambda _: decoder.prepare(b"pause" + LARGE, soon()), range(3)))

    assert time.monotonic() - started > 0.9
    with pytest.raises(TransientError):
        decoder.prepare(b"sleep" + LARGE, soon(0.3))
    assert decoder.prepare(b"nothing" + LARGE, soon()).jpeg, "its turn is free again"


@pytest.mark.parametrize(
    ("progressive", "is_large"), [(False, False), (True, True)], ids=["one scan", "several scans"]
)
def test_a_large_jpeg_waits_for_others_only_where_all_of_it_is_in_memory(
    *, progressive: bool, is_large: bool
) -> None:
    process = DecodeProcess()
    asked: list[float] = []
    data = encoded(photo(4000, 3000), "JPEG", progressive=progressive)

    kind, _ = process.decode(data, soon(), asked.append)
    process.kill()

    assert kind is Kind.WHOLE
    assert bool(asked) is is_large


def test_a_large_picture_that_waits_for_another_leaves_its_turn_to_the_others(
    decoder: Decoder, started: list[DecodeProcess]
) -> None:
    with ThreadPoolExecutor(3) as pool:
        slow = [pool.submit(decoder.prepare, b"sleep" + LARGE, soon(60)) for _ in range(3)]
        eventually(lambda: not decoder._idle)  # noqa: SLF001 - each has a process

        for _ in range(20):
            process_of(decoder)

        end(slow, decoder, started)
    assert decoder.prepare(b"nothing" + LARGE, soon()).jpeg
    assert len(decoder._idle) == module.PROCESSES  # noqa: SLF001 - to count them


@on_linux
def test_the_process_holds_no_credentials_and_opens_nothing(
    decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    found = json.loads(decoder.prepare(b"tell", soon()).jpeg)

    kept = {"PYTHONPATH", "LD_LIBRARY_PATH", "LC_CTYPE", *MEMORY}
    assert set(found["environment"]) <= kept
    assert found["opened"] == []


@on_linux
@pytest.mark.parametrize("fault", ["", "spin"])
def test_the_processes_end_with_the_function(fault: str) -> None:
    program = (
        "import os, signal, sys, threading, time;"
        "from invoke_labeller.decoder import Decoder;"
        "from invoke_labeller.decode_process import DecodeProcess;"
        "decoder = Decoder(lambda: DecodeProcess('tests.misbehaving_worker'));"
        "until = time.monotonic() + 30;"
        "ids = [p.pid for p in decoder._idle];"
        "decoder.prepare(b'nothing', until);"
        "work = lambda: decoder.prepare(sys.argv[1].encode(), until);"
        "threading.Thread(target=work, daemon=True).start();"
        "time.sleep(0.3); print(*ids, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, fault or "nothing"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
    )

    processes = [Path("/proc") / number for number in done.stdout.split()]
    assert len(processes) == module.PROCESSES, done.stderr
    eventually(lambda: not any(is_alive(process) for process in processes))


def is_alive(process: Path) -> bool:
    try:
        return "State:\tZ" not in (process / "status").read_text()
    except OSError:
        return False


def test_no_thread_is_left_behind(decoder: Decoder) -> None:
    before = threading.active_count()

    with pytest.raises(TransientError):
        decoder.prepare(b"sleep", soon(0.3))

    assert threading.active_count() == before


@on_linux
def test_an_ordinary_picture_costs_less_than_half_as_much_again(real: Decoder) -> None:
    """In processor time, which other programs change little; of several pairs, the middle one."""

    def decoders() -> float:
        ids = [process.pid for process in real._idle]  # noqa: SLF001 - to look them up
        counts = [Path(f"/proc/{number}/schedstat").read_text().split()[0] for number in ids]
        return sum(map(int, counts)) / 1e9

    def seconds(work: Callable[[], object]) -> float:
        started = time.process_time() + decoders()
        for _ in range(20):
            work()
        return (time.process_time() + decoders() - started) / 20

    def apart() -> object:
        return real.prepare(PHOTO, soon())

    def here() -> object:
        return prepare(PHOTO)

    # Until the processes have started, and both have done it once.
    seconds(apart), seconds(here)
    pairs = [(seconds(apart), seconds(here)) for _ in range(5)]
    ratio = statistics.median(there / alone for there, alone in pairs)

    print(f"\n{ratio:.2f} times as much")  # noqa: T201 - what was measured
    assert sum(there < 1.5 * alone for there, alone in pairs) > len(pairs) / 2
