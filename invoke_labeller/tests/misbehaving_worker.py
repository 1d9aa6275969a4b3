"""A process that decodes, and does what the "file" says: the worst that a decoder could do.

What names no deed is a real file, and decoded.
"""

import json
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from invoke_labeller import decode_worker, picture
from invoke_labeller.errors import PermanentError
from invoke_labeller.formats import Admit
from invoke_labeller.ports import Prepared

HELD: list[bytes] = []


def spin() -> None:
    while True:
        pass


def hold() -> None:
    """Keep memory, as a leak would."""
    HELD.append(bytes(60 * 2**20))


def tell() -> bytes:
    """What somebody would find here who took this process over."""
    return json.dumps({"environment": dict(os.environ), "opened": list(opened())}).encode()


def opened() -> list[str]:
    attempts: dict[str, Callable[[], object]] = {
        "file": lambda: Path("/proc/self/environ").read_bytes(),
        "connection": socket.socket,
        "pipe": os.pipe,
    }
    return [name for name, attempt in attempts.items() if succeeds(attempt)]


def succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def damaged() -> None:
    raise PermanentError("The picture is damaged.")


DEEDS: dict[bytes, Callable[[], object]] = {
    b"nothing": lambda: None,
    b"spin": spin,
    b"sleep": lambda: time.sleep(60),
    b"pause": lambda: time.sleep(0.3),
    b"grow": lambda: bytearray(2**31),
    b"hold": hold,
    b"need": lambda: bytearray(80 * 2**20),
    b"crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    b"disappear": lambda: os.kill(os.getpid(), signal.SIGKILL),
    b"leave": lambda: os._exit(0),
    b"damaged": damaged,
    b"tell": tell,
}


def prepare(data: bytes, admit: Admit) -> Prepared:
    what, _, pixels = data.partition(b" ")
    if what not in DEEDS:
        return picture.prepare(data, admit)
    if pixels:
        admit(int(pixels), int(pixels))
    answer = DEEDS[what]()
    return Prepared(answer if isinstance(answer, bytes) else what + b" %d" % os.getpid())


if __name__ == "__main__":
    decode_worker.main(prepare)
