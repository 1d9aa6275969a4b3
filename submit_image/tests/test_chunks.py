import gzip

import pytest

from submit_image.chunks import Chunks
from submit_image.problems import ImageTooLarge, RemoteFailed
from tests.conftest import Serve
from tests.support.costs import least_seconds
from tests.support.fetching import fetch
from tests.support.servers import answer

BODY = b"hello world"
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: %b\r\n\r\n"
WHOLE = b"b\r\nhello world\r\n0\r\n\r\n"
# What curl 7.88 takes, but for lengths of more than sixteen digits, which browsers take.
TAKEN = [
    b"b\nhello world\n0\n\n",
    b"b\r\nhello world\n0\r\n\r\n",
    b"b \r\nhello world\r\n0\r\n\r\n",
    b"b;a=b\nhello world\r\n0\r\n\r\n",
    b"%b\r\nhello world\r\n%b\r\n\r\n" % (b"b".zfill(30), b"0" * 30),
    b"B\r\nhello world\r\n0\r\nName: value\n\n",
    b"1\nh\r\nA\r\nello world\n0\r\n\r\n",
]
REFUSED = [
    b"b\rhello world\r0\r\r",
    b" b\r\nhello world\r\n0\r\n\r\n",
    b"b\r\nhello world0\r\n\r\n",
    b"0xb\r\nhello world\r\n0\r\n\r\n",
    b"\r\nhello world\r\n0\r\n\r\n",
    b"-b\r\nhello world\r\n0\r\n\r\n",
    b"f" * 30 + b"\r\nhello world\r\n0\r\n\r\n",
    b"b\r\nhello world\r\n0\r\n",
    b"b\r\nhello world\r\n0\r\n" + b"Name: value\n" * 100_000,
    b"b;" + b"a" * 400_000,
]


def url_of(serve: Serve, head: bytes, body: bytes) -> tuple[str, int]:
    server = serve(answer(head + body))
    return f"http://127.0.0.1:{server.port}/", server.port


@pytest.mark.parametrize("body", TAKEN)
def test_what_curl_reads_is_read(serve: Serve, body: bytes) -> None:
    url, port = url_of(serve, HEAD % b"chunked", body)

    assert fetch(url, trusted=[("127.0.0.1", port)]) == BODY


@pytest.mark.parametrize("body", REFUSED)
def test_what_curl_refuses_is_refused(serve: Serve, body: bytes) -> None:
    url, port = url_of(serve, HEAD % b"chunked", body)

    with pytest.raises(RemoteFailed):
        fetch(url, trusted=[("127.0.0.1", port)])


@pytest.mark.parametrize("body", [WHOLE, *TAKEN])
def test_it_does_not_matter_in_which_pieces_a_body_comes(body: bytes) -> None:
    whole = Chunks().normalized(body)

    for size in (1, 2, 3, 7):
        chunks = Chunks()
        pieces = [body[start : start + size] for start in range(0, len(body), size)]
        written = b"".join(map(chunks.normalized, pieces))
        assert written.replace(b"\r\n", b"") == whole.replace(b"\r\n", b"")
        assert written.endswith(b"\r\n0\r\n\r\n")


def test_a_body_of_tiny_chunks_takes_time_in_proportion() -> None:
    def seconds(count: int) -> float:
        chunks, piece = Chunks(), b"1\na\n" * count
        return least_seconds(lambda: chunks.normalized(piece), 2)

    assert seconds(260_000) < 400 * seconds(2_600), "of a hundred times as many"


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"x-gzip,chunked", b"GZIP , Chunked"])
def test_what_is_compressed_for_its_transfer_is_inflated(serve: Serve, coding: bytes) -> None:
    packed = gzip.compress(BODY)
    url, port = url_of(serve, HEAD % coding, b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed))

    assert fetch(url, trusted=[("127.0.0.1", port)]) == BODY


def test_what_grows_beyond_the_limit_is_not_inflated(serve: Serve) -> None:
    packed = gzip.compress(bytes(100_000_000))
    url, port = url_of(
        serve, HEAD % b"gzip, chunked", b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
    )

    with pytest.raises(ImageTooLarge):
        fetch(url, trusted=[("127.0.0.1", port)], max_bytes=100_000)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        (b"gzip, chunked", WHOLE),
        (b"gzip, chunked", b"8\r\n%b\r\n0\r\n\r\n" % gzip.compress(BODY)[:8]),
        (b"chunked, gzip", WHOLE),
        (b"gzip", BODY),
        (b"gzip, gzip, chunked, br", WHOLE),
        (b"foo, chunked", WHOLE),
        (b"deflate, chunked", WHOLE),
    ],
)
def test_no_other_coding_of_a_transfer_is_undone(serve: Serve, coding: bytes, body: bytes) -> None:
    url, port = url_of(serve, HEAD % coding, body)

    with pytest.raises(RemoteFailed):
        fetch(url, trusted=[("127.0.0.1", port)])
