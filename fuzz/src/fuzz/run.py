"""One run of schemathesis, and what came of it."""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fuzz import documents

FUZZ = Path(__file__).resolve().parents[2]
# schemathesis puts no environment variables in the place of this name.
IDS = "build/ids.txt"
# What an API answers when all is well; a run that never sees it has fuzzed nothing.
SUCCESS = range(200, 300)
NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Api:
    """An API that is deployed.

    Attributes:
        title: Its name in schemathesis.toml.
        document: Its component's openapi.yml.
        url: What its paths follow.
        key: The API key.
        ids: Images that exist there.
    """

    title: str
    document: Path
    url: str
    key: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    Attributes:
        title: The API.
        clean: Whether schemathesis found nothing.
        cases: How many cases were tried.
        checks: How many checks were made of the answers.
        answers: How many answers had which status.
        output: What schemathesis said.
    """

    title: str
    clean: bool
    cases: int
    checks: int
    answers: Counter[int] = field(default_factory=Counter)
    output: str = ""

    @property
    def passed(self) -> bool:
        """Whether nothing was found, and the API's own success was among the answers."""
        return self.clean and any(status in SUCCESS for status in self.answers)

    def __str__(self) -> str:
        answers = ", ".join(f"{count} x {status}" for status, count in sorted(self.answers.items()))
        verdict = "all passed" if self.passed else "NOT PASSED"
        return f"fuzz {self.title}: {self.cases} cases, {self.checks} checks, {verdict} ({answers})"


def fuzz(api: Api, examples: int) -> Outcome:
    """Fuzz an API.

    Args:
        api: The API.
        examples: The maximum number of generated cases per operation.

    Returns:
        What came of it.
    """
    with TemporaryDirectory() as folder:
        document, report = Path(folder, "openapi.json"), Path(folder, "report.ndjson")
        configuration, ids = Path(folder, "schemathesis.toml"), Path(folder, "ids.txt")
        settings = (FUZZ / "schemathesis.toml").read_text(encoding="utf-8")
        configuration.write_text(settings.replace(IDS, str(ids)), encoding="utf-8")
        document.write_text(json.dumps(documents.read(api.document, api.title)), encoding="utf-8")
        ids.write_text("\n".join(map(json.dumps, api.ids or [NOBODY])), encoding="utf-8")
        done = subprocess.run(  # noqa: S603 - schemathesis, of this environment
            [
                Path(sys.executable).with_name("schemathesis"),
                *("--config-file", configuration, "run", document),
                *("--url", api.url, "--max-examples", str(examples), "--no-color"),
                *("--report", "ndjson", "--report-ndjson-path", report),
            ],
            env=os.environ | {"API_KEY": api.key, "PYTHONPATH": str(FUZZ / "src")},
            capture_output=True,
            text=True,
            check=False,
        )
        events = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    recorders = [
        event["ScenarioFinished"]["recorder"]
        for event in map(json.loads, events)
        if "ScenarioFinished" in event
    ]
    return Outcome(
        api.title,
        done.returncode == 0,
        sum(len(recorder.get("cases", ())) for recorder in recorders),
        sum(
            len(checks) for recorder in recorders for checks in recorder.get("checks", {}).values()
        ),
        Counter(status for recorder in recorders for status in _statuses(recorder)),
        done.stdout + done.stderr,
    )


def _statuses(recorder: dict[str, Any]) -> list[int]:
    answers = (
        interaction.get("response") for interaction in recorder.get("interactions", {}).values()
    )
    return [answer["status_code"] for answer in answers if answer]
