"""The chunks of a body, rewritten so that h11, which is strict, reads what browsers and curl read.

Lines may end without their CR (RFC 9112, section 2.2), and a length may begin with any number of
zeros. Extensions and trailers are left out. What is no chunk is passed on as it came, for h11 to
refuse.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# A length of more digits is no file's.
_LENGTH = re.compile(rb"0*([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?\r?\n", re.DOTALL)
_LINE_END = re.compile(rb"\r?\n")
# What is longer than a line may be, or all trailers together, is passed on.
_MAX_LINE = 65536


class Chunks:
    """Rewrites the chunks of one body, piece by piece as they come."""

    def __init__(self) -> None:
        # Bytes are taken from its front, which costs a bytearray nothing.
        self._held = bytearray()
        self._left = 0
        self._trailers = 0
        self._next: Callable[[], bytes | None] = self._length

    def normalized(self, received: bytes) -> bytes:
        """Return what can be passed on: the pieces' sum is a body as RFC 9112 asks for.

        Args:
            received: The next bytes of the body.

        Returns:
            The bytes for h11; none while a line is incomplete.
        """
        self._held += received
        written = bytearray()
        while self._held and (passed := self._next()) is not None:
            written += passed
        return bytes(written)

    def _taken(self, count: int) -> bytes:
        part = bytes(self._held[:count])
        del self._held[:count]
        return part

    def _line(self) -> bytes | None:
        end = self._held.find(b"\n") + 1
        if not end and len(self._held) <= _MAX_LINE:
            return None
        return self._taken(end or len(self._held))

    def _length(self) -> bytes | None:
        if (line := self._line()) is None:
            return None
        length = _LENGTH.fullmatch(line)
        if not length:
            self._next = self._as_it_came
            return line
        self._left = int(length[1], 16)
        self._next = self._data if self._left else self._trailer
        return b"%x\r\n" % self._left

    def _data(self) -> bytes:
        part = self._taken(self._left)
        self._left -= len(part)
        if not self._left:
            self._next = self._end_of_data
        return part

    def _end_of_data(self) -> bytes | None:
        if self._held == b"\r":
            return None
        end = _LINE_END.match(self._held)
        if not end:
            self._next = self._as_it_came
            return b""
        self._taken(end.end())
        self._next = self._length
        return b"\r\n"

    def _trailer(self) -> bytes | None:
        if (line := self._line()) is None:
            return None
        self._trailers += len(line)
        if line.strip(b"\r\n") and self._trailers <= _MAX_LINE:
            return b""
        self._next = self._as_it_came
        return line if line.strip(b"\r\n") else b"\r\n"

    def _as_it_came(self) -> bytes:
        return self._taken(len(self._held))
