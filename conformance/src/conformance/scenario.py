"""What is done with the embedded cloud while the calls of AWS are recorded."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from local_aws import clients
from local_aws.cloud import Cloud
from local_aws.settings import Settings

from conformance.deployments import PROJECT

RECORDER = Path(__file__).with_name("recorder")
PHOTOGRAPH = PROJECT / "system_tests/suite/photos/coffee.jpg"
FUNCTIONS = (
    ("OpenDevOpsSubmitImage", "FunctionName"),
    ("OpenDevOpsGetImageLabel", "FunctionName"),
    ("OpenDevOpsInvokeLabeller", "FunctionName"),
    ("OpenDevOpsInvokeLabeller", "SweepFunctionName"),
)
# The verbs of local_aws that ask AWS, with what else the user has set.
VERBS: tuple[tuple[list[str], dict[str, str]], ...] = (
    (["status"], {}),
    (["logs"], {}),
    (["label", "--file", str(PHOTOGRAPH)], {}),
    (["requeue"], {"REASON": "model-refused"}),
    (["changes"], {}),
    (["drift"], {}),
    (["changes", "dynamodb_infra"], {"CLOUD": "aws"}),
    (["drift"], {"CLOUD": "aws"}),
)


class Outcome(NamedTuple):
    """What came of a command.

    Attributes:
        what: A description of the command.
        status: Its exit status.
        printed: The end of what it printed.
    """

    what: str
    status: int
    printed: str


class Scenario:
    """The application, running, with a recorder in each process that speaks to AWS.

    Args:
        folder: An empty folder for everything that is written.
    """

    def __init__(self, folder: Path) -> None:
        self.calls = folder / "calls.jsonl"
        self.outcomes: list[Outcome] = []
        self._cloud = Cloud(
            replace(
                Settings.read({}),
                state=folder / "state",
                environments=PROJECT / ".local/environments",
                port=0,
            )
        )

    def play(self) -> None:
        """Deploy, label, test, look, change and deploy as a pipeline does."""
        self.calls.touch()
        with self._cloud:
            self._cloud.deploy()
            self._record_functions()
            self._run("the suite", ["make", "-C", str(PROJECT / "system_tests"), "system-test"])
            self._sweep()
            for words, chosen in VERBS:
                self._verb(words, chosen)
            for environment in ("test", "staging"):
                self._run(
                    f"a deployment to {environment}",
                    [
                        *("make", "-C", str(PROJECT / "dynamodb_infra"), "deploy"),
                        *(f"ENVIRONMENT={environment}", "REGION=us-west-1"),
                    ],
                )

    def _recorded(self, *more: Path) -> dict[str, str]:
        return {
            "PYTHONPATH": os.pathsep.join(map(str, (RECORDER, *more))),
            "CONFORMANCE_CALLS": str(self.calls),
        }

    def _record_functions(self) -> None:
        region = self._cloud.settings.region
        client = clients.session(region).client("lambda", endpoint_url=self._cloud.url)
        outputs = self._cloud.outputs()
        for stack, output in FUNCTIONS:
            name = outputs[stack][output]
            before = client.get_function_configuration(FunctionName=name)["Environment"]
            client.update_function_configuration(
                FunctionName=name,
                Environment={"Variables": before["Variables"] | self._recorded()},
            )

    def _sweep(self) -> None:
        client = clients.session(self._cloud.settings.region).client(
            "lambda", endpoint_url=self._cloud.url
        )
        name = self._cloud.outputs()["OpenDevOpsInvokeLabeller"]["SweepFunctionName"]
        answer = client.invoke(FunctionName=name, Payload=b'{"olderThanSeconds": 0}')
        self.outcomes.append(Outcome("a sweep", int("FunctionError" in answer), ""))

    def _verb(self, words: list[str], chosen: dict[str, str]) -> None:
        variables = {f"IMAGELABELLER_{name}": value for name, value in chosen.items()}
        self._run(
            " ".join((*words[:1], *(f"{name}={value}" for name, value in chosen.items()))),
            [sys.executable, "-m", "local_aws", *words],
            more={
                "IMAGELABELLER_STATE": str(self._cloud.settings.state),
                **self._recorded(PROJECT / "local_aws/src", PROJECT / "client/src"),
                **variables,
            },
        )

    def _run(self, what: str, command: list[str], more: dict[str, str] | None = None) -> None:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "MAKE", "IMAGELABELLER_"))
        }
        done = subprocess.run(  # noqa: S603 # the commands are those above
            command,
            env=kept | self._cloud.environment() | self._recorded() | (more or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        self.outcomes.append(Outcome(what, done.returncode, (done.stdout + done.stderr)[-2000:]))
