"""The table of the quotas is whole."""

import re

import pytest

from local_aws.preflight import quotas
from local_aws.preflight.quotas import Quota

TABLE = quotas.read()


@pytest.mark.parametrize("quota", TABLE.values(), ids=lambda quota: quota.id)
def test_a_quota_says_where_it_is_from_and_what_to_do(quota: Quota) -> None:
    assert quota.scope in {"each", "region", "account"}
    assert quota.name
    assert quota.unit
    assert quota.how.endswith(".")
    assert quota.source.startswith(
        "https://"
        if not quota.verified
        else ("https://docs.aws.amazon.com/", "https://aws.amazon.com/")
    )
    assert quota.seen or not quota.error
    assert quota.seen or quota.new == quota.documented
    assert re.fullmatch(r"202\d-\d\d-\d\d", quota.read)
    assert re.fullmatch(r"(L-[0-9A-F]{8})?", quota.code)
    assert 0 <= quota.new <= quota.documented


def test_what_is_small_in_a_new_account_says_what_aws_answers() -> None:
    small = [quota for quota in TABLE.values() if quota.new < quota.documented]

    assert {quota.id for quota in small} >= {
        "serverless-memory",
        "serverless-concurrency",
        "lambda-concurrency",
    }
    # Nobody is known to have written down what AWS answers to these.
    assert {quota.id for quota in small if not quota.error} == {
        "serverless-concurrency",
        "serverless-endpoints",
    }


def test_what_was_not_read_at_its_source_is_known() -> None:
    assert {quota.id for quota in TABLE.values() if not quota.verified} == {
        "serverless-concurrency",
        "serverless-endpoints",
    }


def test_a_command_settles_what_an_account_has() -> None:
    assert TABLE["roles"].settled_by == (
        "aws service-quotas get-service-quota --service-code iam --quota-code L-FE177D64 "
        "--region us-east-1"
    )
    assert TABLE["schedules"].settled_by == (
        "aws service-quotas list-service-quotas --service-code scheduler"
    )
    assert TABLE["lambda-reserved"].settled_by == "aws lambda get-account-settings"
    assert TABLE["serverless-memory"].settled_by == ""


def test_what_cannot_be_raised_says_what_to_do_instead() -> None:
    assert all("Increase" not in q.how for q in TABLE.values() if not q.adjustable)
    assert all("increase" not in q.how for q in TABLE.values() if not q.adjustable)
