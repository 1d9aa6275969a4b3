import pytest

from fuzz import inside

SHOWN = {
    "Traceback (most recent call last):": "a traceback",
    '  File "handler.py", line 3, in handle': "a traceback",
    "botocore.exceptions.ClientError: An error occurred": "an exception",
    "An error occurred in urllib3": "a library",
    "cannot open /var/task/a": "a file",
    "arn:aws:s3:::a": "an ARN",
    "arn:aws-us-gov:s3:::a": "an ARN",
    "the account 123456789012": "an account number",
    "10.0.0.1 is private": "an IPv4 address",
    "169.254.169.254": "an IPv4 address",
    "fe80::1:2:3": "an IPv6 address",
    "2001:db8:0:0:0:0:0:1": "an IPv6 address",
    "open-devops-images-us-west-1": "a resource",
    "the table ImageLabels": "a resource",
    "?X-Amz-Signature=a": "a key",
}
HARMLESS = (
    "",
    "2026-11-23T07:51:11.123Z",
    "The request took 12 seconds at 07:51:11.",
    "1f8a1ef6-5c0c-4a3e-9d1c-123456789012",
    "imageId must be a UUID in its canonical form, such as f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    "urn:imagelabeller:problem:url-not-allowed",
    "The URL has 5000 characters; at most 4096 are accepted.",
    "application/problem+json",
    "Internal error",
    "0.123456789012",
)


@pytest.mark.parametrize(("text", "sign"), SHOWN.items())
def test_what_shows_the_inside_is_recognised(text: str, sign: str) -> None:
    assert any(shown.startswith(f"{sign}: ") for shown in inside.shown(text))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_a_client_may_read_is_left_alone(text: str) -> None:
    assert not inside.shown(text)
