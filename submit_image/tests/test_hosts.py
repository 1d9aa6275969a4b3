import pytest

from submit_image.hosts import normalized
from submit_image.problems import InvalidUrl


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("EXAMPLE.com", "example.com"),
        ("example.com.", "example.com"),
        ("my_bucket.s3.amazonaws.com", "my_bucket.s3.amazonaws.com"),
        ("-a.example", "-a.example"),
        ("a-.b--c.example", "a-.b--c.example"),
        ("_a_.b_c.example", "_a_.b_c.example"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("B\u00dcCHER.EXAMPLE", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        # IDNA 2008 tells these from "strasse" and from names without the joiner.
        ("stra\u00dfe.example", "xn--strae-oqa.example"),
        ("\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.com", "xn--mgba3gch31f060k.com"),
        # The full stops of Chinese and Japanese keyboards (UTS 46).
        ("\u4f8b\u5b50\u3002\u4e2d\u56fd", "xn--fsqu00a.xn--fiqs8s"),
        ("example\uff0ecom", "example.com"),
        ("example\uff61com", "example.com"),
        ("b\u00fccher.example\u3002", "xn--bcher-kva.example"),
        ("\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45.com", "example.com"),
        # Invisible characters mean nothing in a name.
        ("exam\u00adple.com", "example.com"),
        ("exam\u200bple.com", "example.com"),
        ("\ufeffexample.com", "example.com"),
        # IDNA 2008 has no place for them, but browsers and registries have.
        ("i\u2764.ws", "xn--i-7iq.ws"),
        ("\u2615.example", "xn--53h.example"),
        ("my_b\u00fccher.example", "xn--my_bcher-95a.example"),
        ("[2606:4700:0::1111]", "2606:4700::1111"),
    ],
)
def test_a_name_is_written_as_browsers_look_it_up(host: str, name: str) -> None:
    assert normalized(host) == name


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "\u3002",
        "a..b",
        "a\u3002\u3002b",
        "a" * 64 + ".example",
        "exam ple.com",
        "ex\u00e4 mple.com",
        "ex\u00e4\u202fmple.com",
        "a\u202eb\u00e4.example",
        "a\u200db.example",
        "\u0300a.example",
        "\u05d0a.example",
        "\u00e4" * 64 + ".example",
        "exam\uff0fple.com",
        "exam\uff03ple\u00e4.com",
        "exam\u2100ple.com",
        "[::1%eth0]",
        "[127.0.0.1]",
        "\uff3b::1\uff3d",
    ],
)
def test_what_is_no_name_is_refused(host: str) -> None:
    with pytest.raises(InvalidUrl):
        normalized(host)
