import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submit_image.problems import InvalidUrl
from submit_image.urls import MAX_LENGTH, Target, parse, submitted


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
        ("HTTPS://EXAMPLE.COM./a", Target("https", "example.com", 443, "/a")),
        ("https://my_bucket.example/a", Target("https", "my_bucket.example", 443, "/a")),
        ("http://93.184.216.34/a", Target("http", "93.184.216.34", 80, "/a")),
        ("http://[2606:4700:0::1111]/a", Target("http", "2606:4700::1111", 80, "/a")),
        ("https://example.com/?next=a@b", Target("https", "example.com", 443, "/?next=a@b")),
    ],
)
def test_a_url_is_taken_apart(url: str, target: Target) -> None:
    assert parse(url) == target


AS_GIVEN = (
    "/a%2fb%2Fc.jpg",
    "/[1]/{2}.jpg",
    "/a|b^c`d.jpg",
    "/a/../b/./c.jpg",
    "/..",
    "/%2e%2e/a.jpg",
    "/100%.jpg?x=%41%zz%",
    "/a;b=c,d+e'f!(g)*h$i&j=k~l.jpg",
    "/a//b///c.jpg",
    "//a.jpg",
    "/a?",
    "/?",
    "/a??b?c",
    "/a?b=c/../d",
    '/"quoted"<tag>.jpg',
    "/a\\b.jpg?c=\\d",
    "/a@b:c.jpg?next=http://127.0.0.1/",
    # S3 (SigV4), CloudFront, Google Cloud Storage and Azure (SAS) sign what was given.
    "/key%20with%2Fslash?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2f20261123%2Fus-west-1"
    "%2Fs3%2Faws4_request&X-Amz-Security-Token=a%2Bb%2F%3D%3D&X-Amz-SignedHeaders=host"
    "&X-Amz-Signature=0a1b2c",
    "/i.jpg?Expires=1767225600&Signature=Ab~Cd-Ef__&Key-Pair-Id=K1",
    "/b/o%2Fi.jpg?GoogleAccessId=a%40b.iam.gserviceaccount.com&Expires=1&Signature=a%2Bb%3D",
    "/c/i.jpg?sv=2024-11-04&st=2026-11-26T00%3A00%3A00Z&sp=r&sig=a%2Bb%2fc%3D",
)


@pytest.mark.parametrize("path", AS_GIVEN)
def test_path_and_query_are_sent_as_they_were_given(path: str) -> None:
    assert parse(f"https://example.com{path}").path == path


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("/a b.jpg?c d", "/a%20b.jpg?c%20d"),
        ("/k\u00e4tzchen.jpg?q=\u00fc", "/k%C3%A4tzchen.jpg?q=%C3%BC"),
        # What macOS puts into the names of screenshots, and what joins emoji and Persian words.
        ("/Screenshot 10.00\u202fAM.png", "/Screenshot%2010.00%E2%80%AFAM.png"),
        ("/\U0001f468\u200d\U0001f469.jpg", "/%F0%9F%91%A8%E2%80%8D%F0%9F%91%A9.jpg"),
        ("/\u0645\u06cc\u200c\u062e.jpg", "/%D9%85%DB%8C%E2%80%8C%D8%AE.jpg"),
        ("/a\u00a0b.jpg", "/a%C2%A0b.jpg"),
        ("/a\u202eb.jpg", "/a%E2%80%AEb.jpg"),
        ("/%C3%A4/\u00e4%2f 100%", "/%C3%A4/%C3%A4%2f%20100%"),
        ("?a=b", "/?a=b"),
        ("", "/"),
        ("/a#part?b", "/a"),
        ("#part", "/"),
    ],
)
def test_what_cannot_be_sent_is_encoded_and_nothing_else(given: str, sent: str) -> None:
    assert parse(f"https://example.com{given}").path == sent


@pytest.mark.parametrize(
    "pasted",
    [
        " {}",
        "{} ",
        "\t{}\r\n",
        "\n\n{}\n",
        "\ufeff{}",
        "{}\ufeff",
        "\u200b{}\u200b",
        "\u00a0{}\u202f",
        "\u2060{}\u200d",
        "\u202a{}\u202c",
        "\u3000{}\u2003",
        "<{}>",
        "<URL:{}>",
        "< {}\n>",
        '"{}"',
        "'{}'",
        "`{}`",
        "\u201c{}\u201d",
        "\u201e{}\u201c",
        "\u2018{}\u2019",
        "\u00ab\u00a0{}\u00a0\u00bb",
        '  "{}"\r\n',
        "({})",
        "[{}]",
        '"<{}>"',
        "(\u201c{}\u201d)",
    ],
)
def test_what_surrounds_a_url_that_was_copied_is_removed(pasted: str) -> None:
    url = "https://example.com/cat's.jpg?a=b"

    assert submitted(pasted.format(url)).url == url


@pytest.mark.parametrize("end", ["'", '"', ">", "`", ")", ".", ",", "]", "\u201d"])
def test_what_ends_a_url_without_having_been_opened_is_part_of_it(end: str) -> None:
    assert submitted(f"https://example.com/a{end}") == parse(f"https://example.com/a{end}")


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("https:/example.com/cat.jpg", "two slashes"),
        ("https:///example.com/cat.jpg", "two slashes"),
        ("https:example.com", "two slashes"),
        ("example.com/cat.jpg", "begin with http:// or https://"),
        ("https%3A%2F%2Fexample.com%2Fcat.jpg", "percent-encoded once more"),
        ("www.example.com", "begin with http:// or https://"),
        ("//example.com/cat.jpg", "begin with http:// or https://"),
        ("file:///srv/cat.jpg", "begin with http:// or https://"),
        ("C:\\cat.jpg", "begin with http:// or https://"),
        ("https://exam\nple.com/cat.jpg", "control character .U\\+000A.* 13; remove"),
        ("https://example.com/cat\t.jpg", "control character .U\\+0009"),
        ("https://user:secret@example.com/", "user name or password"),
        ("https://example.com:80:80/", "port"),
        ("https://example.com:65536/", "port"),
        ("https:\\\\example.com/", "two slashes"),
        ("https://example.com\\cat.jpg", "backslash"),
        ("https://exam ple.com/", "neither a host name"),
        ("https://ex\u00a0\u00e4mple.com/", "neither a host name"),
        ("https://a\u202eb.example/", "international host name"),
        ("https://", "names no host"),
    ],
)
def test_a_refusal_says_what_is_wrong(url: str, detail: str) -> None:
    with pytest.raises(InvalidUrl, match=detail) as refusal:
        submitted(url)

    assert "secret" not in refusal.value.detail


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
        "http://example.com/\n",
        "http://exam\tple.com/",
        "http://example.com/\r\nX-Header: 1",
        "http://example.com/\x00",
        "http://example.com/\x7f",
        "http://example.com/\ud800",
        "http://example.com\\@127.0.0.1/",
        "http:\\\\example.com/",
        "http://exa%6dple.com/",
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


@pytest.mark.parametrize(
    "host",
    [
        "⑨③.①⑧④.②①⑥.③④",
        "93\u3002184\u3002216\u300234",
        "\uff19\uff13.\uff11\uff18\uff14.\uff12\uff11\uff16.\uff13\uff14",  # full-width digits
    ],
)
def test_an_address_in_other_digits_is_that_address(host: str) -> None:
    assert parse(f"http://{host}/").host == "93.184.216.34"


@given(st.text(max_size=80) | st.from_regex(r"https?://[^/]{0,30}(:\d{1,6})?/.{0,20}"))
def test_whatever_is_submitted_is_parsed_or_refused(url: str) -> None:
    try:
        target = submitted(url)
    except InvalidUrl:
        return
    assert re.fullmatch(r"/[\x21-\x7e]*", target.path)
    assert submitted(target.url) == target
