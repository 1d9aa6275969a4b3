"""A request proves who sends it."""

import hashlib
import hmac
from urllib.parse import urlsplit

import pytest
import requests
from botocore.credentials import ReadOnlyCredentials

from imagelabeller import ApiKey, ConfigurationError, SigV4

SESSION = ReadOnlyCredentials("AKID", "test", "token")


def digest(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


@pytest.mark.parametrize("key", ["ключ", "a\nb", "a b", "a\x00"])
def test_a_key_that_no_header_can_have_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(ConfigurationError, match="check IMAGELABELLER_API_KEY") as refused:
        ApiKey(key)

    assert key not in str(refused.value)


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("GET", {"imageId": "1f8a1ef6"}, None),
        ("GET", {"z": "a b+c&ü=/~*", "a": "'(x)'"}, None),
        ("POST", {}, {"url": "https://example.org/ä"}),
        ("DELETE", {"imageId": ""}, None),
    ],
)
def test_a_signature_is_the_one_that_aws_describes(
    method: str, query: dict[str, str], body: dict[str, str] | None
) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html"""
    request = requests.Request(
        method,
        "https://a.execute-api.us-west-1.amazonaws.com/v1/submit-image",
        params=query,
        json=body,
        auth=SigV4(lambda: SESSION, "us-west-1"),
    ).prepare()

    parts = urlsplit(str(request.url))
    scope, names, signature = (
        each.partition("=")[2]
        for each in request.headers["Authorization"].split(" ", 1)[1].split(", ")
    )
    signed = names.split(";")
    assert {"host", "x-amz-date", "x-amz-security-token"} <= set(signed)
    headers = {name.lower(): value for name, value in request.headers.items()}
    headers["host"] = parts.netloc
    content = request.body if isinstance(request.body, bytes) else b""
    canonical = "\n".join(
        [
            method,
            parts.path,
            "&".join(sorted(parts.query.split("&"))),
            *(f"{name}:{headers[name]}" for name in signed),
            "",
            names,
            hashlib.sha256(content).hexdigest(),
        ]
    )
    key_id, day, region, service, end = scope.split("/")
    key = f"AWS4{SESSION.secret_key}".encode()
    for each in (day, region, service, end):
        key = digest(key, each)
    date = headers["x-amz-date"]
    scope = "/".join((day, region, service, end))
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    expected = digest(key, f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashed}").hex()
    assert (key_id, region, service) == ("AKID", "us-west-1", "execute-api")
    assert headers["x-amz-security-token"] == SESSION.token
    assert signature == expected


def test_credentials_that_are_renewed_sign_the_next_request() -> None:
    found = iter([SESSION, ReadOnlyCredentials("RENEWED", "test", "token")])
    auth = SigV4(lambda: next(found), "us-west-1")

    requests.Request("GET", "https://a.example/", auth=auth).prepare()
    second = requests.Request("GET", "https://a.example/", auth=auth).prepare()

    assert "Credential=RENEWED/" in second.headers["Authorization"]


def test_those_of_the_sdk_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")

    auth = SigV4.of_session("us-west-1")

    assert auth.credentials() == SESSION
    assert auth.region == "us-west-1"


@pytest.mark.parametrize(
    ("variables", "printed"),
    [
        ({}, "the AWS SDK finds none"),
        ({"AWS_PROFILE": "nobody"}, "cannot be read: The config profile"),
        ({"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}, "needs the API's region"),
    ],
)
def test_what_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], printed: str
) -> None:
    no_aws(monkeypatch)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ConfigurationError, match=printed):
        SigV4.of_session()


def no_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
        *("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"),
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_a_key_is_not_shown() -> None:
    assert "hidden" not in repr(ApiKey("hidden"))
    assert "test" not in repr(SigV4(lambda: SESSION, "us-west-1"))
