"""Only one repository's deployments to one environment may assume a role."""

import json
import re
from typing import Any

import pytest

from tests.policies import (
    ACCOUNT,
    AUDIENCE,
    DEPLOYS,
    ENVIRONMENT,
    PROVIDER,
    REGION,
    REPOSITORY,
    Resolver,
    resources,
    template,
)

ROLES = ("Role", "SystemTestsRole")
TRUST = {
    "Effect": "Allow",
    "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{PROVIDER}"},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {
        "StringEquals": {f"{PROVIDER}:aud": AUDIENCE},
        "StringLike": {f"{PROVIDER}:sub": f"{REPOSITORY}:{ENVIRONMENT}:*"},
    },
}


@pytest.mark.parametrize("deploys", DEPLOYS)
def test_a_role_trusts_one_repository_in_one_environment(deploys: str) -> None:
    made = resources(deploys)
    documents = [made[name]["AssumeRolePolicyDocument"] for name in ROLES if name in made]

    assert documents
    for document in documents:
        assert json.loads(document)["Statement"] == [TRUST]


@pytest.mark.parametrize("deploys", DEPLOYS)
def test_a_role_is_where_no_pipeline_may_change_it(deploys: str) -> None:
    made = resources(deploys)

    for name in ("Role", "SystemTestsRole", "Boundary"):
        if name in made:
            assert made[name]["Path"] == f"/imagelabeller/deploy/{REGION}/"


def test_the_provider_accepts_the_workspace_alone() -> None:
    values = {"Provider": PROVIDER, "Audience": AUDIENCE}
    made = Resolver(template("template.yml"), **values).resources()["IdentityProvider"]

    assert made == {"Url": f"https://{PROVIDER}", "ClientIdList": [AUDIENCE]}


@pytest.mark.parametrize("name", ["RepositoryUuid", "EnvironmentUuid"])
@pytest.mark.parametrize(
    ("value", "accepted"),
    [
        (REPOSITORY, True),
        ("*", False),
        ("{*}", False),
        (REPOSITORY.strip("{}"), False),
        (f"{REPOSITORY}:*", False),
        (f'{REPOSITORY}"', False),
    ],
)
def test_an_identifier_cannot_widen_the_trust(name: str, value: str, *, accepted: bool) -> None:
    assert matches(template("role.yml"), name, value) == accepted


@pytest.mark.parametrize("file", ["role.yml", "template.yml"])
@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("Provider", PROVIDER, True),
        ("Provider", f"https://{PROVIDER}", False),
        ("Provider", PROVIDER.replace("acme", "*"), False),
        ("Provider", PROVIDER.replace("api.", "api-"), False),
        ("Audience", AUDIENCE, True),
        ("Audience", "ari:cloud:bitbucket::workspace/*", False),
        ("Audience", "sts.amazonaws.com", False),
    ],
)
def test_only_a_bitbucket_workspace_is_accepted(
    file: str, name: str, value: str, *, accepted: bool
) -> None:
    assert matches(template(file), name, value) == accepted


def matches(loaded: Any, name: str, value: str) -> bool:
    """Whether a parameter's pattern accepts a value."""
    return re.fullmatch(loaded["Parameters"][name]["AllowedPattern"], value) is not None
