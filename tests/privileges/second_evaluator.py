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

from local_aws.servers import state, virtualenvs
from local_aws.settings import LOCAL_AWS, Settings
from local_aws.tools.commands import Runner

from tests.privileges.roles import Policies, Statement, actions_of, document

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
        boundary: The role's permissions boundary, if it has one.
        resource_policy: The policy of what is asked for, if that has one.
        role: ARN of the role; one is made up where nothing depends on it.
    """

    policies: Policies
    action: str
    resource: str
    context: dict[str, Any] = field(default_factory=dict)
    boundary: Sequence[Statement] | None = None
    resource_policy: Sequence[Statement] | None = None
    role: str | None = None


class SecondEvaluator:
    """Decides requests as AWS would: one process for any number of them."""

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
        decisions = self._decide(asked)
        wrong = [
            f"{request.action} on {request.resource}: {decision}"
            for request, decision in zip(asked, decisions, strict=True)
            if decision not in {"Allowed", *DENIED}
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        return [decision == "Allowed" for decision in decisions]

    def _decide(self, requests: Sequence[Request]) -> list[str]:
        policies = _Numbered()
        questions = [self._question(request, policies) for request in requests]
        done = subprocess.run(
            [self._programs / "node", "decide.mjs"],
            cwd=self._directory,
            input=json.dumps({"policies": policies.documents, "requests": questions}),
            capture_output=True,
            check=True,
            text=True,
        )
        return [str(decision) for decision in json.loads(done.stdout)]

    def _question(self, request: Request, policies: "_Numbered") -> dict[str, Any]:
        name = (request.role or "role").rpartition("/")[2]
        role = request.role or f"arn:aws:iam::{self._account}:role/{name}"
        return {
            "account": self._account,
            "principal": f"arn:aws:sts::{self._account}:assumed-role/{name}/session",
            "identity": [
                policies.number(_about(request.action, each)) for each in request.policies.values()
            ],
            "boundary": policies.number(_about(request.action, request.boundary)),
            "resourcePolicy": policies.number(_about(request.action, request.resource_policy)),
            "action": request.action,
            "resource": request.resource,
            "context": {"aws:PrincipalArn": role, **request.context},
        }

    def _install(self, settings: Settings, environment: Path) -> None:
        runner, log = Runner(), settings.logs / "install-node.log"
        lock = LOCAL_AWS / "emulators/node.txt"
        virtualenvs.build(runner, settings.uv, environment, lock, log)
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


def _about(action: str, statements: Sequence[Statement] | None) -> Sequence[Statement] | None:
    """Leave out what is about other services: a policy is read again for each request."""
    if statements is None:
        return None
    own = {"*", action.partition(":")[0]}
    return [
        each
        for each in statements
        if "NotAction" in each or own & {name.partition(":")[0] for name in actions_of(each)}
    ]


class _Numbered:
    """Policies that are sent once, however many requests are decided by them."""

    def __init__(self) -> None:
        self.documents: list[dict[str, Any]] = []
        self._numbers: dict[str, int] = {}

    def number(self, statements: Sequence[Statement] | None) -> int | None:
        if statements is None:
            return None
        text = json.dumps(statements)
        if text not in self._numbers:
            self._numbers[text] = len(self.documents)
            self.documents.append(document(statements))
        return self._numbers[text]
