"""The fuzz finds what it is there for: each fault is put into an API that is otherwise proper."""

from collections.abc import Callable

import pytest

from fuzz.run import Api, Outcome, fuzz
from tests.faulty import DOCUMENT, KEY, KNOWN, Answer, proper, serving

Fault = Callable[[Answer, str, str | None], None]


def crash(answer: Answer, _method: str, _key: str | None) -> None:
    if answer.status == 400:
        answer.status = 500


def undocumented(answer: Answer, _method: str, _key: str | None) -> None:
    if answer.status == 404:
        answer.status = answer.body["status"] = 410


def traceback(answer: Answer, _method: str, _key: str | None) -> None:
    if answer.status == 400:
        answer.body["detail"] = 'File "/var/task/handler.py", line 7'


def account(answer: Answer, _method: str, _key: str | None) -> None:
    answer.headers["X-Table"] = "arn:aws:dynamodb:us-west-1:123456789012:table/ImageLabels"


def cacheable(answer: Answer, _method: str, _key: str | None) -> None:
    if answer.status == 403:
        del answer.headers["Cache-Control"]


def anonymous(answer: Answer, _method: str, _key: str | None) -> None:
    del answer.headers["x-amzn-RequestId"]


def plain(answer: Answer, _method: str, _key: str | None) -> None:
    if answer.status >= 400:
        answer.body = {"message": "Forbidden"}


def talkative(answer: Answer, _method: str, _key: str | None) -> None:
    if answer.status == 200:
        answer.body = {**KNOWN, "SourceUrl": "a"}


def open_to_all(answer: Answer, method: str, key: str | None) -> None:
    if key != KEY and method == "GET":
        answer.__dict__ |= proper(
            method, f"/v1/get-image-label?imageId={KNOWN['ImageId']}", KEY
        ).__dict__


def gullible(answer: Answer, _method: str, _key: str | None) -> None:
    if answer.status == 400:
        answer.status, answer.body = 200, KNOWN
        answer.headers["Content-Type"] = "application/json"


def any_method(answer: Answer, method: str, _key: str | None) -> None:
    if method != "GET":
        answer.status = answer.body["status"] = 404


FAULTS: dict[Fault, str] = {
    crash: "Server error",
    undocumented: "ST103",
    traceback: "The answer shows a traceback",
    account: "The answer shows an ARN",
    cacheable: "headers_are_kept",
    anonymous: "headers_are_kept",
    plain: "errors_are_problems",
    talkative: "Response violates schema",
    open_to_all: "API accepts requests without authentication",
    gullible: "ST201",
    any_method: "undocumented_methods_are_refused",
}


# Faults of different answers are found in one run, which takes seconds to start.
TOGETHER = (
    (crash, undocumented, cacheable, talkative),
    (traceback, open_to_all, any_method),
    (gullible, account),
    (anonymous,),
    (plain,),
)


def attempt(faults: tuple[Fault, ...], *ids: str) -> Outcome:
    def all_of_them(answer: Answer, method: str, key: str | None) -> None:
        for fault in faults:
            fault(answer, method, key)

    with serving(all_of_them) as url:
        return fuzz(Api("GetImageLabel", DOCUMENT, url, KEY, ids), 5)


def test_a_proper_api_passes() -> None:
    outcome = attempt((), str(KNOWN["ImageId"]))

    assert outcome.passed, outcome.output
    assert {200, 400, 403, 404} == set(outcome.answers)
    assert str(outcome).startswith(f"fuzz GetImageLabel: {outcome.cases} cases, ")
    assert "all passed" in str(outcome)


@pytest.mark.parametrize("faults", TOGETHER, ids=lambda faults: faults[0].__name__)
def test_a_fault_is_found(faults: tuple[Fault, ...]) -> None:
    outcome = attempt(faults, str(KNOWN["ImageId"]))

    assert not outcome.passed
    assert [fault for fault in faults if FAULTS[fault] not in outcome.output] == []


def test_every_fault_is_tried() -> None:
    assert {fault for faults in TOGETHER for fault in faults} == FAULTS.keys()


def test_an_api_that_only_refuses_was_not_fuzzed() -> None:
    outcome = attempt(())

    assert outcome.clean
    assert not outcome.passed


def test_nobody_there_is_no_success() -> None:
    outcome = fuzz(Api("GetImageLabel", DOCUMENT, "http://127.0.0.1:9/v1", KEY), 1)

    assert not outcome.passed
