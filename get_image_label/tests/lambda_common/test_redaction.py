import pytest

from lambda_common.redaction import redacted

URL = "https://example.com/private/my%20cat.jpg?sig=a%2Bb%2F&v=1"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"at {URL}: failed", "at https://example.com[…] failed"),
        ("at '/private/my%20cat.jpg?sig=a%2Bb%2F&v=1'", "at '[…]'"),
        ("at /private/my cat.jpg", "at /[…]/[…]"),
        ("signature a+b/ is wrong", "signature […] is wrong"),
        ("https://user:5ec7e7@b.example/x", "https://b.example[…]"),
        ("HTTP://b.example:80?x", "HTTP://b.example:80[…]"),
        ("in submit_private/entry.py, line 1", "in submit_private/entry.py, line 1"),
        ("version 1", "version 1"),
    ],
)
def test_of_a_url_the_host_alone_is_left(text: str, left: str) -> None:
    assert redacted(text, URL) == left


@pytest.mark.parametrize("url", ["", "/", "no url", "https://[", "https://\\1/\\g<0>?("])
def test_whatever_was_submitted_a_text_stays_readable(url: str) -> None:
    assert redacted("AccessDenied: arn:aws:s3:::images", url) == "AccessDenied: arn:aws:s3:::images"
