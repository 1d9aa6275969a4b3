"""Lines of a log: readable for people, whole for programs."""

import json

from local_aws.using.entries import Entry

LOGGED = {
    "level": "INFO",
    "location": "decorate:1",
    "message": "Image submitted",
    "timestamp": "2026-01-01 00:00:00,000+0000",
    "service": "submit_image",
    "cold_start": True,
    "function_name": "f",
    "function_arn": "arn:aws:lambda:x",
    "function_memory_size": "128",
    "function_request_id": "r",
    "image_id": "1-2-3",
    "bytes": 12,
}
METRIC = {
    "_aws": {"CloudWatchMetrics": [{"Metrics": [{"Name": "Images", "Unit": "Count"}]}]},
    "Images": [1.0],
    "service": "x",
}


def test_a_logged_document_is_a_line_with_its_ids() -> None:
    text = Entry("SubmitImage", json.dumps(LOGGED) + "\n", 0).text

    assert text.startswith("SubmitImage | ")
    assert text.endswith(":00 INFO Image submitted image_id=1-2-3 bytes=12")


def test_a_metric_is_reported_by_name_and_value() -> None:
    assert Entry("f", json.dumps(METRIC)).text == "f | METRIC Images=[1.0]"


def test_what_is_no_document_is_shown_as_it_is() -> None:
    assert Entry("moto", "[1]  x\n").text == "moto | [1]  x"


def test_nothing_in_a_line_steers_the_terminal() -> None:
    assert Entry("f", json.dumps({"message": "a\x1b[2J\nb"})).text == "f | a\\x1b[2J\\nb"


def test_a_program_gets_all_of_it() -> None:
    assert json.loads(Entry("f", json.dumps(LOGGED), 5).json) == {
        "Log": "f",
        "Milliseconds": 5,
        "Message": LOGGED,
    }
    assert json.loads(Entry("f", "text\n").json)["Message"] == "text"
