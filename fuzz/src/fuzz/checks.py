"""What schemathesis does not know of this API: its own checks, and URLs that reach no stranger.

schemathesis loads this module by the setting `hooks` of schemathesis.toml.
"""

import json
import os
from typing import TYPE_CHECKING, Any

import schemathesis
from hypothesis import strategies as st

from fuzz import inside

if TYPE_CHECKING:
    from schemathesis import Case, CheckContext, Response

PROBLEM = "application/problem+json"
MEMBERS = {"type", "title", "status", "detail"}
FORM_MADE = 201
FIRST_ERROR = 400
UNDOCUMENTED = 403
# API Gateway names its own refusals there, for AWS's SDKs.
OF_THE_GATEWAY = "x-amzn-errortype"

# Every host is either reserved (RFC 2606, RFC 5737, RFC 3849) or one that must be refused, so that
# the fuzz asks nobody's server for anything, wherever it runs.
HOSTS = (
    "cat.invalid", "photos.example", "localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433",
    "0", "10.0.0.1", "169.254.169.254", "192.0.2.1", "198.51.100.7", "[::1]", "[2001:db8::1]",
    "[::ffff:127.0.0.1]", "xn--ls8h.invalid", "%6c%6fcalhost", "a" * 64 + ".invalid", "", ".",
)  # fmt: skip
SCHEMES = ("http", "https", "HTTP", "ftp", "file", "data", "javascript", "")
TAILS = st.text(st.characters(codec="utf-8"), max_size=40)


def urls() -> st.SearchStrategy[str]:
    """Make URLs: of pictures that exist, of hosts that must be refused, and malformed ones."""
    made = st.builds(
        "{}://{}{}{}/{}".format,
        st.sampled_from(SCHEMES),
        st.sampled_from(("", "", "", "user:word@", "@")),
        st.sampled_from(HOSTS),
        st.sampled_from(("", "", ":80", ":443", ":22", ":65536", ":-1", ":x")),
        TAILS,
    )
    pictures = os.environ.get("IMAGE_URLS", "").split()
    return made | st.sampled_from(pictures) if pictures else made


schemathesis.openapi.format("uri", urls())


@schemathesis.check
def nothing_of_the_inside(
    _context: "CheckContext", response: "Response", _case: "Case[Any]"
) -> None:
    """No answer shows a traceback, an ARN, an account number, an address or a name of ours.

    The form of an upload names the bucket, and the credential that signs it, to whoever asked: S3
    takes no form without them
    (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html).
    """
    headers = (" ".join(v) for k, v in response.headers.items() if k.lower() != OF_THE_GATEWAY)
    body = "" if response.status_code == FORM_MADE else response.text or ""
    shown = [sign for text in (body, *headers) for sign in inside.shown(text)]
    assert not shown, f"The answer shows {', '.join(shown)}"


@schemathesis.check
def headers_are_kept(_context: "CheckContext", response: "Response", _case: "Case[Any]") -> None:
    """Every answer forbids caching and sniffing, and has an id by which it is found in the logs."""
    assert _header(response, "cache-control") == "no-store"
    assert _header(response, "x-content-type-options") == "nosniff"
    assert inside.UUID.fullmatch(_header(response, "x-amzn-requestid"))


@schemathesis.check
def errors_are_problems(_context: "CheckContext", response: "Response", case: "Case[Any]") -> None:
    """Every error is a problem document (RFC 9457) that says what it is, and nothing more."""
    if response.status_code < FIRST_ERROR:
        return
    assert _header(response, "content-type") == PROBLEM
    if case.method.upper() == "HEAD":
        return
    problem: dict[str, Any] = json.loads(response.text or "")
    assert set(problem) <= MEMBERS
    assert problem["type"].startswith("urn:imagelabeller:problem:")
    assert problem["title"]
    assert problem["detail"]
    assert problem.get("status", response.status_code) == response.status_code


@schemathesis.check
def undocumented_methods_are_refused(
    _context: "CheckContext", response: "Response", case: "Case[Any]"
) -> None:
    """A method without a route is refused; API Gateway says 403, and knows no 405."""
    documented = {method.upper() for method in case.operation.schema.get(case.path, {})}
    if documented and case.method.upper() not in documented:
        assert response.status_code == UNDOCUMENTED


def _header(response: "Response", name: str) -> str:
    values = response.headers.get(name) or [""]
    assert len(values) == 1, f"{name} is there {len(values)} times"
    return str(values[0])
