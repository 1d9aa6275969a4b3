"""Of a tool's output, the cause."""

import pytest

from local_aws.tools import failures

NO_DNS = """\
error: Failed to fetch: https://index.invalid/simple/six/
  cause: error sending request for url (https://index.invalid/simple/six/)
  cause: client error (Connect)
  cause: dns error
"""
REFUSED = NO_DNS.replace(
    "dns error", "tcp connect error\n  cause: Connection refused (os error 111)"
)
OFFLINE = """\
error: No solution found when resolving dependencies
hint: Packages were unavailable because the network was disabled.
"""
PIP = """\
ERROR: Could not find a version that satisfies the requirement uv==1 (from versions: none)
ERROR: No matching distribution found for uv==1
"""
HASH = """\
error: Failed to download `six==1.17.0`
  cause: Hash mismatch for `six==1.17.0`

         Expected:
           sha256:4721
"""
SAM = """\
Initiating deployment
=====================

Error: Failed to create changeset for the stack: Echo, Unrecognized resource types
make: *** [Makefile:48: deploy] Error 1
"""
TRACEBACK = """\
Traceback (most recent call last):
  File "x.py", line 1, in <module>
ValueError: the model is broken
"""


@pytest.mark.parametrize("output", [NO_DNS, REFUSED, OFFLINE, PIP])
def test_an_index_out_of_reach_is_recognised(output: str) -> None:
    printed = failures.network_failure(output)

    assert printed is not None
    assert "no package index can be reached" in printed


@pytest.mark.parametrize(
    "output",
    [
        HASH,
        SAM,
        "",
        'Could not connect to the endpoint URL: "http://127.0.0.1:4566/"',
        "error: Failed to fetch: https://index/six\n  cause: HTTP status client error (401)",
    ],
)
def test_nothing_else_is_taken_for_that(output: str) -> None:
    assert failures.network_failure(output) is None


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        (SAM, "Error: Failed to create changeset for the stack: Echo, Unrecognized resource types"),
        (HASH, "error: Failed to download `six==1.17.0`: Hash mismatch for `six==1.17.0`"),
        (TRACEBACK, "ValueError: the model is broken"),
        ("compiling\nno such thing\nmake: *** [x] Error 1\n", "no such thing"),
        (
            "make: *** No rule to make target 'deploy'.  Stop.\n",
            "make: *** No rule to make target 'deploy'.  Stop.",
        ),
        ("", "it wrote nothing"),
    ],
)
def test_the_telling_line_is_found(output: str, cause: str) -> None:
    assert failures.last_error(output) == cause
