"""Every call of AWS that is made here, against botocore's models; so are the error codes."""

from collections import Counter

import pytest

from conformance import calls, error_codes
from conformance.calls import Call
from conformance.deployments import PROJECT
from conformance.scenario import Scenario

# By the beginning of the caller's name, who must have been heard.
CALLERS = {
    "OpenDevOpsSubmitImage-": "submit_image",
    "OpenDevOpsGetImageLabel-": "get_image_label",
    "OpenDevOpsInvokeLabeller-Function-": "invoke_labeller",
    "OpenDevOpsInvokeLabeller-SweepFunction-": "invoke_labeller's sweep",
    "bin/pytest": "system_tests",
    "local_aws/": "local_aws",
    "deploy/": "a deployment, the SAM CLI in it",
}
# The recorder itself is what differs from the template; and no picture has failed.
ENDS_WITH_ONE = ("drift", "drift CLOUD=aws", "requeue REASON=model-refused")
SHARED = "lambda_common"
CODE = ("submit_image", "get_image_label", "invoke_labeller", "system_tests", "local_aws")


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    scenario = Scenario(tmp_path_factory.mktemp("scenario"))
    scenario.play()
    return scenario


@pytest.fixture(scope="module")
def recorded(scenario: Scenario) -> list[Call]:
    return calls.recorded(scenario.calls)


@pytest.mark.timeout(1200)
def test_whatever_was_done_came_out_as_it_should(scenario: Scenario) -> None:
    others = [each for each in scenario.outcomes if each.status != (each.what in ENDS_WITH_ONE)]

    assert not others


def test_every_caller_was_heard(recorded: list[Call], checks: Counter[tuple[str, str]]) -> None:
    for each in recorded:
        who = next(name for start, name in CALLERS.items() if each.caller.startswith(start))
        kind = "readings of answers" if each.parameters is None else "calls"
        checks["botocore's models", f"{kind} by {who}"] += 1

    assert {what.rpartition(" by ")[2] for _, what in checks} >= set(CALLERS.values())


def test_every_call_and_every_reading_is_one_that_the_service_has(recorded: list[Call]) -> None:
    faults = [
        f"{each.caller}: {each.service} {each.operation}: {fault}"
        for each in recorded
        for fault in calls.findings(each)
    ]

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("component", CODE)
def test_every_error_code_is_one_that_a_service_answers(
    component: str, checks: Counter[tuple[str, str]]
) -> None:
    services = error_codes.services(PROJECT / component / "src")
    if (PROJECT / component / "src" / SHARED).exists():
        # It is the same in all of them, whichever of the services each asks.
        others = PROJECT.glob(f"*/src/{SHARED}")
        services = tuple({name for each in others for name in error_codes.services(each.parent)})
    named = [
        each
        for path in (PROJECT / component / "src").rglob("*.py")
        for each in error_codes.named(path)
    ]

    checks["botocore's models", f"error codes in {component}"] += len(named)
    assert services
    assert not [each for each in named if not error_codes.exists(each.code, services)]
