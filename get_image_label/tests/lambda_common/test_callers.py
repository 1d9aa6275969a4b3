from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_common.callers import SystemTests

KEY = "a1b2c3d4e5"
ROLE = "OpenDevOpsSystemTests"
TESTS = SystemTests(frozenset({KEY, ROLE}))
ARN = "arn:aws:sts::123456789012:assumed-role/{}/session"


def request(**identity: object) -> dict[str, Any]:
    return {"httpMethod": "GET", "requestContext": {"identity": identity}}


@pytest.mark.parametrize(
    "event",
    [
        request(apiKeyId=KEY),
        request(apiKeyId=None, userArn=ARN.format(ROLE)),
        {"caller": "system-tests"},
    ],
)
def test_knows_the_system_tests(event: object) -> None:
    assert TESTS.sent(event)


@pytest.mark.parametrize(
    "event",
    [
        request(apiKeyId="another"),
        request(apiKeyId=None, userArn=None),
        request(apiKey=KEY),
        request(userArn=ARN.format("Another")),
        request(userArn=ARN.format(f"Another/{ROLE}")),
        request(userArn=f"arn:aws:iam::123456789012:user/{ROLE}"),
        request(userArn=f"arn:aws:sts::123456789012:assumed-role/Other{ROLE}/{ROLE}"),
        {**request(), "caller": "system-tests"},
        {**request(), "queryStringParameters": {"caller": "system-tests"}},
        {**request(), "body": '{"caller": "system-tests"}'},
        {**request(), "headers": {"x-api-key": KEY}},
        {"httpMethod": "GET"},
        {"caller": "users"},
        {},
    ],
)
def test_takes_whatever_is_in_doubt_for_a_user(event: object) -> None:
    assert not TESTS.sent(event)


@pytest.mark.parametrize("apikey", [None, ""])
def test_without_identities_every_request_is_a_users(apikey: object) -> None:
    nobody = SystemTests.from_environment({"SYSTEM_TESTS_IDENTITIES": ""})

    assert not nobody.sent(request(apiKeyId=apikey, userArn=apikey))


@pytest.mark.parametrize("listed", [f"{KEY},{ROLE}", f" {KEY} , {ROLE},"])
def test_the_environment_lists_keys_and_roles(listed: str) -> None:
    assert SystemTests.from_environment({"SYSTEM_TESTS_IDENTITIES": listed}) == TESTS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
PARTS = st.fixed_dictionaries(
    {}, optional={"httpMethod": JSON, "requestContext": JSON, "identity": JSON}
)


@given(JSON | PARTS | st.fixed_dictionaries({"httpMethod": JSON, "requestContext": PARTS}))
def test_no_event_raises(event: object) -> None:
    assert not TESTS.sent(event)
