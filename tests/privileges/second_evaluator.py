"""AWS's rules as others wrote them down: iam-simulate, which knows the resources of each action.

It runs as a program of its own in Node.js, which comes from PyPI: none needs to be there.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_aws.commands import Runner
from local_aws.settings import LOCAL_AWS, Settings

from local_aws import environments, state
from tests.privileges.roles import Policies, document

SOURCES = Path(__file__).with_name("evaluator")
DENIED = {"ImplicitlyDenied", "ExplicitlyDenied"}


@dataclass(frozen=True)
class Request:
    """A request that a role makes.

    Attributes:
        policies: What the role is granted.
        action: What is asked for.
        resource: On what.
        context: The condition keys that the request has.
    """

    policies: Policies
    action: str
    resource: str
    context: dict[str, Any] = field(default_factory=dict)


class SecondEvaluator:
    """Decides requests as AWS would, from the identity policies alone."""

    def __init__(self, settings: Settings) -> None:
        self._account = settings.account
        environment = settings.environments / "node"
        self._programs = environment / "bin"
        self._directory = environment / "policy-evaluator"
        self._install(settings, environment)

    def allows(self, requests: Iterable[Request]) -> list[bool]:
        """Decide requests.

        Raises:
            ValueError: One is none that AWS knows: no such action, or none on such a resource.
        """
        asked = list(requests)
        decisions = self._decide([self._question(request) for request in asked])
        wrong = [
            f"{request.action} on {request.resource}: {decision}"
            for request, decision in zip(asked, decisions, strict=True)
            if decision not in {"Allowed", *DENIED}
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        return [decision == "Allowed" for decision in decisions]

    def _question(self, request: Request) -> dict[str, Any]:
        return {
            "account": self._account,
            "principal": f"arn:aws:sts::{self._account}:assumed-role/role/session",
            "policies": [document(statements) for statements in request.policies.values()],
            "action": request.action,
            "resource": request.resource,
            "context": request.context,
        }

    def _decide(self, questions: Sequence[dict[str, Any]]) -> list[str]:
        done = subprocess.run(
            [self._programs / "node", "decide.mjs"],
            cwd=self._directory,
            input=json.dumps(questions),
            capture_output=True,
            check=True,
            text=True,
        )
        return [str(decision) for decision in json.loads(done.stdout)]

    def _install(self, settings: Settings, environment: Path) -> None:
        runner, log = Runner(), settings.logs / "install-node.log"
        lock = LOCAL_AWS / "emulators/node.txt"
        environments.build(runner, settings.uv, environment, lock, log)
        with state.locked(environment.with_name("policy-evaluator.lock"), wait=True):
            stamp = self._directory / "built-from"
            pinned = (SOURCES / "package-lock.json").read_text()
            if not stamp.exists() or stamp.read_text() != pinned:
                self._directory.mkdir(exist_ok=True)
                for name in ("package.json", "package-lock.json"):
                    shutil.copy(SOURCES / name, self._directory)
                path = f"{self._programs}{os.pathsep}{os.environ['PATH']}"
                command = [str(self._programs / "npm"), "ci", "--ignore-scripts", "--no-audit"]
                runner.run(command, self._directory, os.environ | {"PATH": path}, log)
                stamp.write_text(pinned)
            shutil.copy(SOURCES / "decide.mjs", self._directory)
