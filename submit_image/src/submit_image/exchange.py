"""What goes over a connection: a request, its answer, and none of it beyond the deadline.

What the bytes mean is for h11 (https://h11.readthedocs.io/), which neither rewrites what is asked
for nor guesses where a body ends. It is handed heads as heads.py rewrites them, and chunks as
chunks.py does.
"""

import re

import h11

from submit_image import heads
from submit_image.chunks import Chunks
from submit_image.deadline import DeadlineSocket
from submit_image.response import IncompleteBody, Response

# As much as curl accepts (300 KB), since cookies and policies make headers long.
MAX_HEADER_BYTES = 300 * 1024
# Informational answers (1xx) before the final one.
MAX_INFORMATIONAL = 1000

# RFC 9112, section 2.2: a line may end without its CR; there are servers that send two.
_END_OF_HEAD = re.compile(rb"\n\r{0,2}\n")


class Exchange:
    """A request and its answer, over one connection.

    Args:
        sock: The connection.
    """

    def __init__(self, sock: DeadlineSocket) -> None:
        self._sock = sock
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEADER_BYTES)
        self._received = bytearray()
        self._chunks: Chunks | None = None
        self._ended = False

    def send(self, request: h11.Request) -> None:
        """Send a request without a body."""
        self._sock.sendall(self._http.send(request) or b"")
        self._http.send(h11.EndOfMessage())

    def response(self) -> Response:
        """Return the final answer; informational ones (RFC 9110, section 15.2) are passed over.

        Raises:
            h11.RemoteProtocolError: There is none, or it is not HTTP.
        """
        for _ in range(MAX_INFORMATIONAL):
            head = self._head()
            self._http.receive_data(heads.normalized(head))
            event = self._http.next_event()
            if isinstance(event, h11.Response):
                if any(name == b"transfer-encoding" for name, _ in event.headers):
                    self._chunks = Chunks()
                self._receive(bytes(self._received))
                return Response(self.next_event, event, gzipped=heads.is_gzipped(head))
            if not isinstance(event, h11.InformationalResponse):
                break
        raise h11.RemoteProtocolError("no final answer")

    def _head(self) -> bytes:
        searched = 0
        while not (end := _END_OF_HEAD.search(self._received, searched)):
            # What ends the head may have come in part.
            searched = max(0, len(self._received) - 3)
            if searched > MAX_HEADER_BYTES:
                raise h11.RemoteProtocolError("too long a head")
            if not (received := self._sock.receive()):
                raise h11.RemoteProtocolError("ended within the head")
            self._received += received
            heads.check_beginning(self._received)
        head = bytes(self._received[: end.end()])
        del self._received[: end.end()]
        return head

    def next_event(self) -> h11.Event | type[h11.PAUSED]:
        """Return what comes next of the body, having received as much as that takes.

        Raises:
            IncompleteBody: The connection ended within the body.
            h11.RemoteProtocolError: It is not HTTP.
        """
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError:
                if self._ended:
                    raise IncompleteBody from None
                raise
            if event is not h11.NEED_DATA:
                return event  # type: ignore[return-value] # NEED_DATA is excluded
            try:
                received = self._sock.receive()
            except ConnectionError:
                raise IncompleteBody from None
            if not received:
                self._ended = True
                self._http.receive_data(b"")
            self._receive(received)

    def _receive(self, received: bytes) -> None:
        normalized = self._chunks.normalized(received) if self._chunks else received
        if normalized:  # No bytes would mean the end of the connection.
            self._http.receive_data(normalized)
