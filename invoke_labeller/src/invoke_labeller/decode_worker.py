"""Decodes pictures, one after another, for the process that started this one.

A picture may hang, exhaust or take over whatever decodes it. This process therefore has nothing
but the picture: no credentials, no file or connection that it could open, and limits of time and
memory. It ends when its standard input does.
"""

import gc
import os
from collections.abc import Callable
from typing import BinaryIO

from invoke_labeller.decode_exchange import ANSWER, REQUEST, Kind
from invoke_labeller.decode_limits import LARGE_PIXELS, Limits
from invoke_labeller.errors import PermanentError
from invoke_labeller.formats import Admit
from invoke_labeller.picture import prepare, warm_up
from invoke_labeller.ports import Prepared

INPUT, OUTPUT = 0, 1


type Prepare = Callable[[bytes, Admit], Prepared]


def main(prepare: Prepare = prepare) -> None:
    """Answer requests until there are no more.

    Args:
        prepare: Decodes a picture, as `picture.prepare` does.
    """
    warm_up()
    # What there is now stays, and need not be looked through after each picture.
    gc.collect()
    gc.freeze()
    # It reads a file where it is to be, without a copy in parts.
    source = open(INPUT, "rb", closefd=False)  # noqa: SIM115 - until the process ends
    limits = Limits()
    while header := source.read(REQUEST.size):
        (size,) = REQUEST.unpack(header)
        _write(*_limited(prepare, source, source.read(size), limits))
        # Pictures refer to themselves in circles, which would be kept until their memory is missed.
        gc.collect()


def _limited(prepare: Prepare, source: BinaryIO, data: bytes, limits: Limits) -> tuple[Kind, bytes]:
    limits.set(len(data))
    try:
        return _answer(prepare, source, data, limits)
    finally:
        limits.lift()


def _answer(prepare: Prepare, source: BinaryIO, data: bytes, limits: Limits) -> tuple[Kind, bytes]:
    try:
        prepared = prepare(data, _admission(source, len(data), limits))
    except PermanentError as error:
        return Kind.FAILED, f"{error.code} {error.reason}".encode()
    except MemoryError:
        return Kind.MEMORY, b""
    return Kind.INCOMPLETE if prepared.incomplete else Kind.WHOLE, prepared.jpeg


def _admission(source: BinaryIO, size: int, limits: Limits) -> Admit:
    asked = False

    def admit(pixels: int, held: int) -> None:
        nonlocal asked
        # A damaged picture is opened several times.
        if held > LARGE_PIXELS and not asked:
            asked = True
            _write(Kind.LARGE, b"")
            if not source.read(1):
                raise SystemExit
        limits.set(size, pixels, held)

    return admit


def _write(kind: Kind, answer: bytes) -> None:
    view = memoryview(ANSWER.pack(kind.value, len(answer)) + answer)
    while view:
        view = view[os.write(OUTPUT, view) :]


if __name__ == "__main__":
    main()
