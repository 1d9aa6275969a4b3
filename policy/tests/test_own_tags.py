"""Wildcards and exceptions as the permission to tag: other rules refuse them too."""

from types import SimpleNamespace
from typing import Any

import pytest

from template_rules import NoPermissionByOwnTag

KEY = "arn:aws:kms:eu-central-1:111122223333:key/a-key"
BY_TAG = {
    "Effect": "Allow",
    "Action": "kms:PutKeyPolicy",
    "Resource": KEY,
    "Condition": {"StringEquals": {"aws:ResourceTag/application": "ImageLabeller"}},
}


def found(*statements: dict[str, Any]) -> int:
    policy = {"Properties": {"PolicyDocument": {"Statement": list(statements)}}}
    template = {"Resources": {"Policy": {"Type": "AWS::IAM::ManagedPolicy", **policy}}}
    return len(NoPermissionByOwnTag().match(SimpleNamespace(template=template)))


@pytest.mark.parametrize(
    "tagger",
    [
        {"Action": "kms:*"},
        {"Action": "kms:Tag*"},
        {"Action": "km?:T?gResource"},
        {"Action": ["sqs:SendMessage", "*"]},
        {"NotAction": "iam:*"},
    ],
)
def test_who_may_tag_by_a_wildcard_may_tag(tagger: dict[str, Any]) -> None:
    assert found(BY_TAG, {"Effect": "Allow", **tagger, "Resource": "*"})


@pytest.mark.parametrize(
    "other",
    [
        {"Action": "sqs:*"},
        {"Action": "kms:Describe*"},
        {"NotAction": "kms:*"},
    ],
)
def test_a_wildcard_that_reaches_no_tag_of_the_service_is_harmless(other: dict[str, Any]) -> None:
    assert not found(BY_TAG, {"Effect": "Allow", **other, "Resource": "*"})


def test_what_is_allowed_by_a_wildcard_and_a_tag_is_found() -> None:
    by_tag = {**BY_TAG, "Action": "*"}
    tagger = {"Effect": "Allow", "Action": "kms:TagResource", "Resource": KEY}

    assert found(by_tag, tagger)


def test_the_case_of_letters_makes_no_difference() -> None:
    tagger = {"Effect": "Allow", "Action": "KMS:tagresource", "Resource": KEY}

    assert found(BY_TAG, tagger)


@pytest.mark.parametrize(
    "by_value",
    [
        {"Resource": "arn:aws:s3:::a-bucket/${aws:PrincipalTag/team}/*"},
        {"Resource": {"Fn::Sub": "arn:aws:s3:::a-bucket/${!aws:PrincipalTag/team}/*"}},
        {
            "Resource": "arn:aws:s3:::a-bucket/*",
            "Condition": {
                "StringEquals": {"s3:ExistingObjectTag/team": "${aws:PrincipalTag/team}"}
            },
        },
    ],
)
def test_who_may_tag_himself_may_have_what_his_tags_value_gives(by_value: dict[str, Any]) -> None:
    by_tag = {"Effect": "Allow", "Action": "s3:GetObject", **by_value}
    tagger = {"Effect": "Allow", "Action": "iam:TagRole", "Resource": "*"}

    assert not found(by_tag)
    assert found(by_tag, tagger)
