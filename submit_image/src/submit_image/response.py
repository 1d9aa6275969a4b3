"""An answer: its head, and its body as it comes."""

import zlib
from collections.abc import Callable, Iterable, Iterator

import h11

type NextEvent = Callable[[], h11.Event | type[h11.PAUSED]]

_INFLATED_AT_ONCE = 65536
_GZIP = 31  # zlib's number for it


class IncompleteBody(Exception):
    """The remote server closed the connection before the end of the body."""


class Response:
    """The head of an answer, and its body as it comes.

    Attributes:
        status: The status code.
    """

    def __init__(self, next_event: NextEvent, head: h11.Response, *, gzipped: bool) -> None:
        self.status = head.status_code
        self._next_event = next_event
        self._headers = head.headers
        self._gzipped = gzipped

    def values(self, name: str) -> list[bytes]:
        """Return a header's values, in their order, without the whitespace around them.

        Args:
            name: The header's name, in lower case.
        """
        return [value for found, value in self._headers if found == name.encode()]

    def body(self) -> Iterator[bytes]:
        """Yield the body; of its codings only those of its transfer are undone.

        Raises:
            IncompleteBody: It broke off.
            TimeoutError: It did not end by the deadline.
            h11.RemoteProtocolError: It is not HTTP.
        """
        return _inflated(self._parts()) if self._gzipped else self._parts()

    def _parts(self) -> Iterator[bytes]:
        while isinstance(event := self._next_event(), h11.Data):
            yield bytes(event.data)


def _inflated(parts: Iterable[bytes]) -> Iterator[bytes]:
    # A little at a time: whoever reads it stops where it is too much.
    inflate = zlib.decompressobj(_GZIP)
    for part in parts:
        rest = part
        while rest:
            try:
                inflated = inflate.decompress(rest, _INFLATED_AT_ONCE)
            except zlib.error:
                raise h11.RemoteProtocolError("not compressed as its head says") from None
            if inflated:
                yield inflated
            rest = inflate.unconsumed_tail
    if not inflate.eof:
        raise IncompleteBody
