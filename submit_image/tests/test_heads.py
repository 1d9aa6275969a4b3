import h11
import pytest

from submit_image.heads import check_beginning, normalized

OK = b"HTTP/1.1 200 OK\r\n"
NONE = b"HTTP/1.1 200\r\n\r\n"


@pytest.mark.parametrize(
    "line",
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 200",
        b"HTTP/1.0 200 OK",
        b"http/1.1 200 ok",
        b"HTTP/2 200",
        b"HTTP/1.1  200 OK",
        b"HTTP/1.1\t200 OK",
        b"HTTP/1.1 200OK",
        b"HTTP/1.1 200 \x01\x7f\xff",
        b"HTTP/1.1 200 OK\r",
    ],
)
def test_a_status_line_is_read_by_its_version_and_number(line: bytes) -> None:
    assert normalized(line + b"\r\n\r\n") == NONE
    assert normalized(line + b"\n\n") == NONE


@pytest.mark.parametrize(
    "line",
    [b"", b"SSH-2.0-OpenSSH", b"HTTP/1.1 20", b"HTTP/1.1 2000", b"HTTP/1.1200 OK", b"200 OK"],
)
def test_without_a_status_line_it_is_not_http(line: bytes) -> None:
    with pytest.raises(h11.RemoteProtocolError):
        normalized(line + b"\r\n\r\n")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (b"X-A : 1", b"X-A: 1"),
        (b"X-A\x0b:\x0c1\x0b", b"X-A: 1"),
        (b"X-A:1 \t\r", b"X-A: 1"),
        (b"X-A: a\rb\x0bc", b"X-A: a b c"),
        (b"Location: /a\r", b"Location: /a"),
        (b"Location: /a\rb", b"Location: /a\rb"),
        (b"X-A: a\r\n\tb\r\n  c", b"X-A: a b c"),
        (b" folded\r\nX-A: 1", b"X-A: 1"),
        (b"Content Type: image/jpeg\r\n folded: 2\r\nX-A: 1", b"X-A: 1"),
        (b": 2\r\nX(2): 2\r\n\xd0\x9a: 2\r\na=b: c\r\nX-A: 1", b"X-A: 1"),
        (b"Content-Length: +12", b"Content-Length: 12"),
        (b"Content-Length : 12", b"Content-Length: 12"),
        (b"Content-Length: 12;", b"Content-Length: 12"),
        (b"Content-Length: 12 bytes", b"Content-Length: 12"),
        (b"Content-Length: 12.0", b"Content-Length: 12"),
        (b"Content-Length: 012, 12", b"Content-Length: 12, 12"),
        (b"Content-Length: 0", b"Content-Length: 0"),
        (b"Content-Length: 0x1f", b"Content-Length: 0x1f"),
        (b"Content-Length: -1", b"Content-Length: -1"),
        (b"Content-Length: 12.5", b"Content-Length: 12.5"),
        (b"Content-Length: 12 13", b"Content-Length: 12 13"),
    ],
)
def test_a_header_line_is_written_as_servers_should(lines: bytes, expected: bytes) -> None:
    assert normalized(OK + lines + b"\r\n\r\n") == b"HTTP/1.1 200\r\n" + expected + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([b"chunked"], b"chunked"),
        ([b"Chunked", b"chunked"], b"chunked"),
        ([b"chunked, chunked"], b"chunked"),
        ([b"identity, chunked"], b"chunked"),
        ([b"chunked,", b""], b"chunked"),
        ([b"identity"], None),
        ([b"identity", b"Identity, "], None),
        # What h11 refuses is left for it to refuse.
        ([b""], b""),
        ([b"gzip, chunked"], b"chunked"),
        ([b"br, chunked"], b"br, chunked"),
        ([b"chunked", b"gzip"], b"chunked, gzip"),
        ([b'"chunked"'], b'"chunked"'),
        ([b"chunked;q=1"], b"chunked;q=1"),
    ],
)
def test_transfer_codings_are_sent_once(values: list[bytes], expected: bytes | None) -> None:
    lines = b"".join(b"Transfer-Encoding: " + value + b"\r\n" for value in values)
    header = b"" if expected is None else b"Transfer-Encoding: " + expected + b"\r\n"

    assert normalized(OK + lines + b"\r\n") == b"HTTP/1.1 200\r\n" + header + b"\r\n"


@pytest.mark.parametrize(
    "line",
    [
        b"no colon",
        b"HTTP/1.1 200 OK",
        b"Transfer Encoding: chunked",
        b"(transfer-encoding): chunked",
        b"Content Length: 12",
    ],
)
def test_what_may_delimit_the_body_is_not_left_out(line: bytes) -> None:
    with pytest.raises(h11.RemoteProtocolError):
        normalized(OK + line + b"\r\n\r\n")


@pytest.mark.parametrize("received", [b"\x15\x03", b"SSH", b"\r\nHTTP/1.1", b"<html>"])
def test_what_begins_otherwise_is_refused_at_once(received: bytes) -> None:
    with pytest.raises(h11.RemoteProtocolError):
        check_beginning(received)


@pytest.mark.parametrize("received", [b"", b"H", b"hTTp", b"HTTP/1.1 200"])
def test_what_may_become_http_is_waited_for(received: bytes) -> None:
    check_beginning(received)
