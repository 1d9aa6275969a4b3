"""Only who may call an API gets an answer of its function."""

import pytest
from botocore.credentials import Credentials
from requests.auth import AuthBase

from suite import checks
from system_tests.api import Api
from system_tests.auth import Anonymous, ApiKey, SigV4
from system_tests.system import System

APIS = ("submit_api", "lookup_api")


def api_and_mode(system: System, name: str) -> tuple[Api, str]:
    names = system.settings.stacks
    stack = names.submit_image if name == "submit_api" else names.get_image_label
    api: Api = getattr(system, name)
    return api, system.auth_modes[stack]


def wrong(mode: str, region: str) -> AuthBase:
    if mode == "ApiKey":
        return ApiKey("0123456789012345678901234567890123456789")
    return SigV4(Credentials("AKIAIOSFODNN7EXAMPLE", "not the secret of anybody"), region)


@pytest.mark.parametrize("name", APIS)
def test_refuses_a_caller_without_credentials(system: System, name: str) -> None:
    api, mode = api_and_mode(system, name)
    if mode == "None":
        pytest.skip("AuthMode=None: everybody may call it")
    checks.refused(api.get("", auth=Anonymous()), "GET", 403, "forbidden")


@pytest.mark.parametrize("name", APIS)
def test_refuses_a_caller_with_wrong_credentials(system: System, name: str) -> None:
    api, mode = api_and_mode(system, name)
    if mode == "None":
        pytest.skip("AuthMode=None: everybody may call it")
    answer = api.get("", auth=wrong(mode, system.settings.region))
    # That nobody has such a key, API Gateway says as DEFAULT_4XX rather than as ACCESS_DENIED.
    assert answer.status == 403, answer
    assert answer.problem
    checks.headed(answer, "application/problem+json")


@pytest.mark.parametrize("name", APIS)
def test_lets_its_callers_through_to_the_function(system: System, name: str) -> None:
    api, _ = api_and_mode(system, name)
    checks.refused(api.get(""), "GET", 400, "invalid-request", "invalid-image-id")


@pytest.mark.parametrize("name", APIS)
def test_has_no_other_methods(system: System, name: str) -> None:
    api, _ = api_and_mode(system, name)
    checks.refused(api.request("PUT"), "GET", 403, "forbidden")
