"""Logs are read from where the last reading ended."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from local_aws import UsageError
from local_aws.using.logs import TAIL, Files, Functions, check


def texts(source: Files | Functions) -> list[str]:
    return [entry.text for entry in source.entries()]


class TestFiles:
    def test_the_last_lines_come_first_and_then_what_is_new(self, tmp_path: Path) -> None:
        log = tmp_path / "ministack.log"
        log.write_text("".join(f"{n}\n" for n in range(TAIL + 5)))
        files = Files(tmp_path)

        assert texts(files) == [f"ministack | {n}" for n in range(5, TAIL + 5)]
        assert texts(files) == []
        with log.open("a") as more:
            more.write("new\n")
        assert texts(files) == ["ministack | new"]

    def test_a_file_that_begins_again_is_read_from_its_beginning(self, tmp_path: Path) -> None:
        (tmp_path / "moto.log").write_text("a long first line\n")
        files = Files(tmp_path)
        texts(files)

        (tmp_path / "moto.log").write_text("short\n")

        assert texts(files) == ["moto | short"]

    def test_what_a_tool_wrote_is_shown_when_it_is_named(self, tmp_path: Path) -> None:
        for name in ("moto", "deploy-s3_infra"):
            (tmp_path / f"{name}.log").write_text("x\n")

        assert texts(Files(tmp_path)) == ["moto | x"]
        assert texts(Files(tmp_path, ["s3"])) == ["deploy-s3_infra | x"]

    def test_the_number_of_lines_can_be_chosen(self, tmp_path: Path) -> None:
        (tmp_path / "moto.log").write_text("1\n2\n3\n")

        assert texts(Files(tmp_path, tail=2)) == ["moto | 2", "moto | 3"]
        assert texts(Files(tmp_path, tail=0)) == []

    def test_names_choose(self, tmp_path: Path) -> None:
        for name in ("moto", "ministack", "ministack.previous"):
            (tmp_path / f"{name}.log").write_text("x\n")

        assert texts(Files(tmp_path, ["mini"])) == ["ministack | x"]

    def test_bytes_that_are_no_text_do_not_matter(self, tmp_path: Path) -> None:
        (tmp_path / "moto.log").write_bytes(b"\xff\n")

        assert texts(Files(tmp_path)) == ["moto | \ufffd"]

    def test_without_logs_there_are_no_lines(self, tmp_path: Path) -> None:
        assert texts(Files(tmp_path / "nowhere")) == []


class CloudWatch:
    """The two operations of CloudWatch Logs that are used."""

    def __init__(self, events: dict[str, list[dict[str, Any]]]) -> None:
        self.events = events

    def get_paginator(self, operation: str) -> "Pages":
        return Pages(self, operation)


class Pages:
    def __init__(self, logs: CloudWatch, operation: str) -> None:
        self._logs, self._operation = logs, operation

    def paginate(self, **which: Any) -> list[dict[str, Any]]:
        if self._operation == "describe_log_groups":
            return [{"logGroups": [{"logGroupName": name} for name in self._logs.events]}]
        events = self._logs.events[which["logGroupName"]]
        return [{"events": [e for e in events if e["timestamp"] >= which["startTime"]]}]


class Silent(CloudWatch):
    def get_paginator(self, operation: str) -> Pages:
        raise EndpointConnectionError(endpoint_url=operation)


def event(timestamp: int, message: str) -> dict[str, Any]:
    return {"timestamp": timestamp, "message": message, "logStreamName": "s"}


def functions(logs: CloudWatch, *names: str) -> Functions:
    return Functions(logs, names)  # type: ignore[arg-type] # what is used of it


class TestFunctions:
    def test_the_groups_are_one_stream_in_the_order_of_time(self) -> None:
        logs = CloudWatch(
            {"/aws/lambda/A": [event(3000, "3"), event(1000, "1\n")], "B": [event(2000, "2")]}
        )

        lines = [line.split(" ")[0] + " " + line.split(" ")[-1] for line in texts(functions(logs))]

        assert lines == ["A 1", "B 2", "A 3"]

    def test_of_each_group_the_last_events_are_shown_and_then_all_that_are_new(self) -> None:
        logs = CloudWatch({"A": [event(n, str(n)) for n in range(5)], "B": [event(2, "b")]})
        reader = Functions(logs, tail=2)  # type: ignore[arg-type] # what is used of it

        assert [line[-1] for line in texts(reader)] == ["b", "3", "4"]
        logs.events["A"] += [event(n, str(n)) for n in range(5, 9)]
        assert [line[-1] for line in texts(reader)] == ["5", "6", "7", "8"]

    def test_an_event_is_shown_once_also_with_another_of_the_same_millisecond(self) -> None:
        logs = CloudWatch({"A": [event(1000, "1")]})
        reader = functions(logs)
        texts(reader)
        logs.events["A"].append(event(1000, "2"))

        assert [line[-1] for line in texts(reader)] == ["2"]

    def test_names_choose(self) -> None:
        logs = CloudWatch(
            {"/aws/lambda/Submit": [event(1, "s")], "/aws/lambda/Other": [event(1, "o")]}
        )

        assert [line[-1] for line in texts(functions(logs, "Submit"))] == ["s"]

    def test_an_emulator_that_is_gone_is_reported(self) -> None:
        assert texts(functions(Silent({}))) == ["make | MiniStack does not answer: make status"]


def test_a_name_that_no_log_has_is_reported_with_those_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "moto.log").touch()
    sources: list[Files | Functions] = [
        Files(tmp_path),
        functions(CloudWatch({"/aws/lambda/Submit": []})),
    ]

    check(sources, ["Sub", "mo"])
    with pytest.raises(UsageError, match=r"has 'sub' in it\. There are Submit, moto\."):
        check(sources, ["sub"])
