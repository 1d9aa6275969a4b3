"""The deployed roles: what they grant, and how to act as one of them."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
from local_aws.cloud import Cloud

SUBMIT = "OpenDevOpsSubmitImage.Role"
LOOK_UP = "OpenDevOpsGetImageLabel.Role"
LABELLER = "OpenDevOpsInvokeLabeller.Role"
SWEEP = "OpenDevOpsInvokeLabeller.SweepRole"
SCHEDULE = "OpenDevOpsInvokeLabeller.ScheduleRole"
# By this session is known who acts as a role without being its function.
TAKEN_OVER = "whoever-took-it-over"
ROLES = (SUBMIT, LOOK_UP, LABELLER, SWEEP, SCHEDULE)

type Statement = dict[str, Any]
type Policies = dict[str, list[Statement]]


@dataclass(frozen=True)
class Role:
    """A deployed role.

    Attributes:
        key: Its stack and its logical id.
        arn: Its ARN, which holds its path.
        policies: Its inline policies' statements, as they were deployed.
    """

    key: str
    arn: str
    policies: Policies
    _cloud: Cloud = field(repr=False)

    @property
    def name(self) -> str:
        return self.arn.rpartition("/")[2]

    @property
    def actions(self) -> list[str]:
        """Every action that it grants, once for each statement that does."""
        return [action for _, statement in self._statements() for action in actions_of(statement)]

    def session(self) -> boto3.Session:
        """Return a session with the role's own credentials."""
        iam = self._client("iam")
        trust = iam.get_role(RoleName=self.name)["Role"]["AssumeRolePolicyDocument"]
        root = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{self._cloud.settings.account}:root"},
            "Action": "sts:AssumeRole",
        }
        opened = {**trust, "Statement": [*trust["Statement"], root]}
        # Services alone may assume the roles, and for one of them only on behalf of this account.
        iam.update_assume_role_policy(RoleName=self.name, PolicyDocument=json.dumps(opened))
        try:
            credentials = self._client("sts").assume_role(
                RoleArn=self.arn, RoleSessionName=TAKEN_OVER
            )["Credentials"]
        finally:
            iam.update_assume_role_policy(RoleName=self.name, PolicyDocument=json.dumps(trust))
        return boto3.Session(
            credentials["AccessKeyId"],
            credentials["SecretAccessKey"],
            credentials["SessionToken"],
            region_name=self._cloud.settings.region,
        )

    @contextmanager
    def without(self, *actions: str) -> Iterator[None]:
        """Take actions from the role for a while."""
        iam = self._client("iam")
        try:
            for policy, statements in self.policies.items():
                left = [rest for each in statements if (rest := _reduced(each, actions))]
                if left:
                    self._put(policy, left)
                else:
                    iam.delete_role_policy(RoleName=self.name, PolicyName=policy)
            yield
        finally:
            for policy, statements in self.policies.items():
                self._put(policy, statements)

    def _statements(self) -> Iterator[tuple[str, Statement]]:
        for policy, statements in self.policies.items():
            for statement in statements:
                yield policy, statement

    def _put(self, policy: str, statements: list[Statement]) -> None:
        self._client("iam").put_role_policy(
            RoleName=self.name, PolicyName=policy, PolicyDocument=json.dumps(document(statements))
        )

    def _client(self, service: str) -> Any:
        return client(self._cloud, service)


def deployed(cloud: Cloud) -> dict[str, Role]:
    """Return every role that the stacks own, by stack and logical id."""
    cloudformation, iam = client(cloud, "cloudformation"), client(cloud, "iam")
    found = {}
    for stack in cloud.outputs():
        for resource in cloudformation.describe_stack_resources(StackName=stack)["StackResources"]:
            if resource["ResourceType"] == "AWS::IAM::Role":
                key = f"{stack}.{resource['LogicalResourceId']}"
                name = resource["PhysicalResourceId"]
                arn = iam.get_role(RoleName=name)["Role"]["Arn"]
                found[key] = Role(key, arn, inline_policies(iam, name), cloud)
    return found


def inline_policies(iam: Any, role: str) -> Policies:
    """Read the statements of a role's policies, all of which are inline."""
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    return {
        name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]["Statement"]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
    }


@cache
def client(cloud: Cloud, service: str) -> Any:
    """Return the account's own client of a service."""
    return over_tls(cloud.session(), service, cloud.url)


@cache
def over_tls(session: boto3.Session, service: str, url: str) -> Any:
    """Return a client whose requests pass for encrypted, as by a proxy that ends TLS.

    The queue refuses all others, whoever sends them.
    """
    made = session.client(service, endpoint_url=url)  # type: ignore[call-overload] # any service
    made.meta.events.register("before-sign", _mark)
    return made


def document(statements: Sequence[Statement]) -> dict[str, Any]:
    """Return a policy of some statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def actions_of(statement: Statement) -> list[str]:
    """Return a statement's actions, of which it may have one or several."""
    action = statement["Action"]
    return [action] if isinstance(action, str) else list(action)


def _reduced(statement: Statement, taken: Sequence[str]) -> Statement | None:
    left = [action for action in actions_of(statement) if action not in taken]
    return {**statement, "Action": left} if left else None


def _mark(request: Any, **_: object) -> None:
    request.headers["X-Forwarded-Proto"] = "https"
