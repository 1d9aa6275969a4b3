import pytest

from submit_image.problems import InvalidUrl
from submit_image.redirects import follow, resolved
from submit_image.urls import Target

BASE = Target("https", "example.com", 443, "/a%2fb/c/d?q=1/../2")
# RFC 3986, section 5.4, with its base but for the parameter.
RFC_BASE = Target("http", "a", 80, "/b/c/d;p?q")
RFC_EXAMPLES = {
    "g:h": "g:h",
    "g": "http://a/b/c/g",
    "./g": "http://a/b/c/g",
    "g/": "http://a/b/c/g/",
    "/g": "http://a/g",
    "//g": "http://g",
    "?y": "http://a/b/c/d;p?y",
    "g?y": "http://a/b/c/g?y",
    "#s": "http://a/b/c/d;p?q",
    "g#s": "http://a/b/c/g",
    "g?y#s": "http://a/b/c/g?y",
    ";x": "http://a/b/c/;x",
    "g;x": "http://a/b/c/g;x",
    "g;x?y#s": "http://a/b/c/g;x?y",
    "": "http://a/b/c/d;p?q",
    ".": "http://a/b/c/",
    "./": "http://a/b/c/",
    "..": "http://a/b/",
    "../": "http://a/b/",
    "../g": "http://a/b/g",
    "../..": "http://a/",
    "../../": "http://a/",
    "../../g": "http://a/g",
    "../../../g": "http://a/g",
    "../../../../g": "http://a/g",
    "/./g": "http://a/g",
    "/../g": "http://a/g",
    "g.": "http://a/b/c/g.",
    ".g": "http://a/b/c/.g",
    "g..": "http://a/b/c/g..",
    "..g": "http://a/b/c/..g",
    "./../g": "http://a/b/g",
    "./g/.": "http://a/b/c/g/",
    "g/./h": "http://a/b/c/g/h",
    "g/../h": "http://a/b/c/h",
    "g;x=1/./y": "http://a/b/c/g;x=1/y",
    "g;x=1/../y": "http://a/b/c/y",
    "g?y/./x": "http://a/b/c/g?y/./x",
    "g?y/../x": "http://a/b/c/g?y/../x",
    "g#s/./x": "http://a/b/c/g",
}


@pytest.mark.parametrize("reference", RFC_EXAMPLES)
def test_references_are_resolved_as_the_rfc_does(reference: str) -> None:
    assert resolved(RFC_BASE, reference) == RFC_EXAMPLES[reference]


@pytest.mark.parametrize(
    ("location", "url"),
    [
        (b"/x%2fy/%41?s=a%2Bb", "https://example.com/x%2fy/%41?s=a%2Bb"),
        (b"x//y", "https://example.com/a%2fb/c/x//y"),
        (b"/x//y/%2e%2e/z", "https://example.com/x//y/%2e%2e/z"),
        (b"../x", "https://example.com/a%2fb/x"),
        (b"?s=%2f", "https://example.com/a%2fb/c/d?s=%2f"),
        (b"?", "https://example.com/a%2fb/c/d?"),
        (b"http://b.example/x/../[y]|z?", "http://b.example/x/../[y]|z?"),
        (b"//b.example/x", "https://b.example/x"),
        (b"  /x y.jpg  ", "https://example.com/x%20y.jpg"),
        (b"\t/x\t", "https://example.com/x"),
        (b"https://b.example/x y?z w#part", "https://b.example/x%20y?z%20w"),
        ("/k\u00e4tzchen.jpg".encode(), "https://example.com/k%C3%A4tzchen.jpg"),
        ("/k\u00e4tzchen.jpg".encode("latin-1"), "https://example.com/k%E4tzchen.jpg"),
        ("https://b\u00fccher.example/".encode(), "https://xn--bcher-kva.example/"),
        (b"HTTP://B.example:80", "http://b.example/"),
        # As browsers do, and unlike a URL that somebody pasted.
        (b"<http://b.example/>", "https://example.com/a%2fb/c/<http://b.example/>"),
    ],
)
def test_a_redirect_leads_where_the_server_says(location: bytes, url: str) -> None:
    assert follow(BASE, location).url == url


@pytest.mark.parametrize(
    "location",
    [
        b"ftp://b.example/",
        b"http:/b.example/",
        b"http:///b.example/",
        b"http://user@b.example/",
        b"http://b.example:99999/",
        b"/x\ty",
        b"/x\x00y",
        "https://b\u00fccher.example/".encode("latin-1"),
        b"/" + b"x" * 5000,
        b"//",
    ],
)
def test_a_redirect_to_what_is_no_url_is_refused(location: bytes) -> None:
    with pytest.raises(InvalidUrl):
        follow(BASE, location)
