import pytest
from hypothesis import given
from hypothesis import strategies as st

from submit_image.problems import InvalidUrl
from submit_image.urls import MAX_LENGTH, Target, parse


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.com/cat.jpg", Target("https", "example.com", 443, "/cat.jpg")),
        ("http://example.com", Target("http", "example.com", 80, "/")),
        ("HTTP://EXAMPLE.COM/Cat.JPG", Target("http", "example.com", 80, "/Cat.JPG")),
        ("http://example.com.:80/", Target("http", "example.com", 80, "/")),
        ("https://example.com:8443/?a=1&b=2", Target("https", "example.com", 8443, "/?a=1&b=2")),
        ("https://example.com/a#part", Target("https", "example.com", 443, "/a")),
        ("https://example.com:/a", Target("https", "example.com", 443, "/a")),
        ("https://bücher.example/ä", Target("https", "xn--bcher-kva.example", 443, "/%C3%A4")),
        ("https://my_bucket.example/a", Target("https", "my_bucket.example", 443, "/a")),
        ("http://93.184.216.34/a", Target("http", "93.184.216.34", 80, "/a")),
        ("http://[2606:4700:0::1111]/a", Target("http", "2606:4700::1111", 80, "/a")),
        ("https://example.com/?next=a@b", Target("https", "example.com", 443, "/?next=a@b")),
    ],
)
def test_a_url_is_taken_apart(url: str, target: Target) -> None:
    assert parse(url) == target


def test_a_signature_survives() -> None:
    query = "X-Amz-Credential=AKIA%2F20261123%2Fus-west-1&X-Amz-Signature=0a%2Bb%3D"

    assert parse(f"https://b.s3.amazonaws.com/k%20y?{query}").path == f"/k%20y?{query}"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "cat.jpg",
        "//example.com/cat.jpg",
        "/etc/passwd",
        "example.com/cat.jpg",
        "file:///etc/passwd",
        "ftp://example.com/cat.jpg",
        "gopher://example.com/",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "s3://bucket/key",
        "http:example.com",
        "http:/example.com",
        "http://",
        "http:///cat.jpg",
        "http://?",
        "http://:80/",
        "http://user@example.com/",
        "http://user:password@example.com/",
        "http://@example.com/",
        "http://example.com@127.0.0.1/",
        "http://example.com:99999/",
        "http://example.com:-1/",
        "http://example.com:80a/",
        "http://example.com/a b",
        " http://example.com/",
        "http://example.com/\n",
        "http://exam\tple.com/",
        "http://example.com/\r\nX-Header: 1",
        "http://example.com/\x00",
        "http://example.com/\x7f",
        "http://example.com/\u200b",
        "http://example.com/\u202e",
        "http://example.com/\ud800",
        "http://example.com\\@127.0.0.1/",
        "http:\\\\example.com/",
        "http://exa%6dple.com/",
        "http://-example.com/",
        "http://example-.com/",
        "http://example..com/",
        "http://.example.com/",
        "http://exa$mple.com/",
        f"http://{'a' * 64}.com/",
        f"http://{'a.' * 127}com/",
        "http://[::1/",
        "http://::1/",
        "http://[fe80::1%25eth0]/",
        "http://[::ffff:127.0.0.1.1]/",
        "http://[v1.a]/",
    ],
)
def test_a_malformed_url_is_refused(url: str) -> None:
    with pytest.raises(InvalidUrl):
        parse(url)


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "017700000001",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "0",
        "256.0.0.1",
        "127.0.0.1.5",
        "127.0.0.0x1",
        "example.0x",
        "⑯⑨.②⑤④.①⑥⑨.②⑤④",
        "127。0。0。1",
        "\uff11\uff12\uff17.\uff10.\uff10.\uff11",  # full-width digits
        "%3127.0.0.1",
    ],
)
def test_an_ipv4_address_is_written_as_four_decimal_numbers_or_refused(host: str) -> None:
    with pytest.raises(InvalidUrl):
        parse(f"http://{host}/")


def test_a_url_may_be_as_long_as_documented_and_no_longer() -> None:
    start = "https://example.com/?signature="
    longest = start + "a" * (MAX_LENGTH - len(start))

    assert parse(longest).host == "example.com"
    with pytest.raises(InvalidUrl, match="4097"):
        parse(longest + "a")


@pytest.mark.parametrize(
    ("target", "authority"),
    [
        (Target("http", "example.com", 80, "/"), "example.com"),
        (Target("http", "example.com", 443, "/"), "example.com:443"),
        (Target("https", "example.com", 443, "/"), "example.com"),
        (Target("http", "127.0.0.1", 4566, "/"), "127.0.0.1:4566"),
        (Target("https", "2606:4700::1111", 443, "/"), "[2606:4700::1111]"),
    ],
)
def test_the_host_header_names_the_port_unless_it_is_the_default(
    target: Target, authority: str
) -> None:
    assert target.authority == authority


@given(st.text(max_size=80) | st.from_regex(r"https?://[^/]{0,30}(:\d{1,6})?/.{0,20}"))
def test_whatever_is_submitted_is_parsed_or_refused(url: str) -> None:
    try:
        target = parse(url)
    except InvalidUrl:
        return
    assert target.path.startswith("/")
    assert target.url.isascii()
    assert parse(target.url) == target
