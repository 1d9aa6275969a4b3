from typing import Any

from botocore.credentials import Credentials
from requests import PreparedRequest, Request
from requests.auth import AuthBase

from system_tests.auth import SigV4

SIGV4 = SigV4(Credentials("AKIAIOSFODNN7EXAMPLE", "secret", "session"), "us-west-1")
URL = "https://abc.execute-api.us-west-1.amazonaws.com/v1/submit-image"


def prepared(auth: AuthBase, **how: Any) -> PreparedRequest:
    return Request("POST", URL, auth=auth, **how).prepare()


def test_signs_for_the_service_and_the_region() -> None:
    headers = prepared(SIGV4, json={"url": "x"}).headers
    assert "/us-west-1/execute-api/aws4_request" in headers["Authorization"]
    assert headers["X-Amz-Security-Token"] == "session"
    assert headers["Content-Type"] == "application/json"


def test_writes_the_query_as_the_signature_wants_it() -> None:
    # A plus sign is a space in a query, and a plus sign in a signature.
    request = prepared(SIGV4, params={"url": "http://example.com/a b?c=d&e"})
    assert request.url == URL + "?url=http%3A%2F%2Fexample.com%2Fa%20b%3Fc%3Dd%26e"


def test_keeps_empty_and_repeated_parameters() -> None:
    assert prepared(SIGV4, params="url=&url=a~b").url == URL + "?url=&url=a~b"
