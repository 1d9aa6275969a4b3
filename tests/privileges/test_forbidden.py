"""What whoever took a function over would try is denied, by the emulator and by AWS's rules."""

from collections import Counter
from dataclasses import dataclass

import boto3
import pytest
from local_aws.cloud import Cloud

from tests.privileges import forbidden
from tests.privileges.forbidden import Forbidden
from tests.privileges.recorder import Recorder
from tests.privileges.roles import ROLES, TAKEN_OVER, Role
from tests.privileges.second_evaluator import Request, SecondEvaluator

AT_LEAST = 20


@pytest.fixture(scope="module")
def table(places: dict[str, str]) -> list[Forbidden]:
    return forbidden.table(places)


@dataclass(frozen=True)
class Attacker:
    """Whoever holds a role's credentials."""

    role: Role
    session: boto3.Session
    url: str
    recorder: Recorder

    def may(self, call: Forbidden) -> tuple[bool, Request]:
        """Make a call; return whether it was granted, and what IAM was asked."""
        with self.recorder.recording() as decisions:
            granted = not call.refused(self.session, self.url)
        # The function itself may be running at the same time.
        (decision,) = (each for each in decisions if each.session == TAKEN_OVER)
        assert (decision.action, decision.allowed) == (call.action, granted)
        return granted, Request(self.role.policies, call.action, call.resource, decision.context)


@pytest.fixture(params=ROLES)
def attacker(
    request: pytest.FixtureRequest, deployed: dict[str, Role], cloud: Cloud, recorder: Recorder
) -> Attacker:
    role = deployed[request.param]
    return Attacker(role, role.session(), cloud.url, recorder)


def test_a_role_is_denied_what_is_not_its_own(
    attacker: Attacker,
    table: list[Forbidden],
    second_evaluator: SecondEvaluator,
    counts: Counter[str],
) -> None:
    key = attacker.role.key
    expected = [key in call.granted_to for call in table]

    tried = [attacker.may(call) for call in table]

    granted = [own for own, _ in tried]
    by_aws = second_evaluator.allows(request for _, request in tried)
    assert differing(table, granted, expected) == []
    assert differing(table, by_aws, expected) == []
    assert granted.count(False) >= AT_LEAST
    counts[f"forbidden calls denied to {key}"] = granted.count(False)


def test_the_account_s_owner_is_denied_none_of_it(
    table: list[Forbidden], cloud: Cloud, counts: Counter[str]
) -> None:
    session = cloud.session()
    harmless = [call for call in table if not call.harmful]

    refused = [call for call in harmless if call.refused(session, cloud.url)]

    assert refused == []
    counts["of these calls made by the account's owner, and not denied"] = len(harmless)


def differing(table: list[Forbidden], decided: list[bool], expected: list[bool]) -> list[Forbidden]:
    """Return the calls that were decided otherwise than expected."""
    decisions = zip(table, decided, expected, strict=True)
    return [call for call, granted, own in decisions if granted is not own]
