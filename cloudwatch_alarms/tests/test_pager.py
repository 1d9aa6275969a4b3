from typing import Any

import pytest

from tests.resolver import Resolver
from tests.support import ACCOUNT, REGION, accepts

JSM = "https://api.atlassian.com/jsm/ops/integration/v1/json/cloudwatch?apiKey="
OPSGENIE = "https://api.opsgenie.com/v1/json/cloudwatch?apiKey="
OURS_ALONE = {
    "StringEquals": {"aws:SourceAccount": ACCOUNT},
    "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:*"},
}
# SNS allows a policy for HTTPS an hour at most.
LONGEST_SECONDS = 3600


@pytest.mark.parametrize(
    "url",
    [
        "",
        f"{JSM}0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        f"{OPSGENIE}0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        "https://api.eu.opsgenie.com/v1/json/cloudwatch?apiKey=0f1e2d3c",
        "https://events.pagerduty.com/integration/0f1e2d3c/enqueue",
        "https://pager.example.com:443/hooks/cloudwatch?team=a&apiKey=b%2Fc",
    ],
)
def test_a_pagers_url_is_accepted(template: dict[str, Any], url: str) -> None:
    assert accepts(template["Parameters"]["PagerUrl"], url)


@pytest.mark.parametrize(
    "url",
    [
        JSM,
        OPSGENIE,
        f"{JSM}&team=a",
        f"http{JSM.removeprefix('https')}0f1e2d3c",
        f" {JSM}0f1e2d3c",
        f"{JSM}0f1e2d3c ",
        f"{JSM}0f1e2d3c\n",
        f"{JSM}0f1e 2d3c",
        f"{JSM}0f1e2d3c#fragment",
        "https://user:password@pager.example.com/hook",
        "https://localhost/hook",
        "https://pager.example.com",
        "https://pager.example.com:8443/hook",
        "https://",
        "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        "on-call@example.com",
        "none",
    ],
)
def test_what_no_pager_answers_to_is_refused(template: dict[str, Any], url: str) -> None:
    assert not accepts(template["Parameters"]["PagerUrl"], url)


def test_the_url_is_a_secret_with_no_default(template: dict[str, Any]) -> None:
    assert template["Parameters"]["PagerUrl"]["NoEcho"] is True
    assert template["Parameters"]["PagerUrl"]["Default"] == ""


def test_no_transform_writes_the_url_into_the_processed_template(template: dict[str, Any]) -> None:
    assert "Transform" not in template


def test_no_output_and_no_other_resource_shows_the_url(template: dict[str, Any]) -> None:
    resources = dict(template["Resources"])
    assert resources.pop("Subscription")["Properties"]["Endpoint"] == {"Ref": "PagerUrl"}
    assert "PagerUrl" not in str(resources)
    assert "PagerUrl" not in str(template["Outputs"])


@pytest.mark.parametrize(
    ("address", "accepted"),
    [
        ("", True),
        ("on-call@example.com", True),
        ("on-call", False),
        ("on-call@localhost", False),
        ("a@example.com, b@example.com", False),
    ],
)
def test_the_fallback_is_one_address(
    template: dict[str, Any],
    address: str,
    accepted: bool,  # noqa: FBT001 - the column of a table
) -> None:
    assert accepts(template["Parameters"]["FallbackEmail"], address) is accepted


def test_the_pager_is_subscribed_by_https(stack: Resolver) -> None:
    [subscription] = stack.properties("AWS::SNS::Subscription").values()
    assert subscription["Protocol"] == "https"
    assert subscription["Endpoint"].startswith(JSM)
    assert subscription["TopicArn"] == "AWS::SNS::Topic/Topic"


def test_without_a_pager_there_is_a_topic_and_no_subscription(template: dict[str, Any]) -> None:
    stack = Resolver(template, {})
    assert stack.properties("AWS::SNS::Subscription") == {}
    assert list(stack.properties("AWS::SNS::Topic")) == ["Topic"]
    assert list(stack.properties("AWS::SNS::TopicPolicy")) == ["TopicPolicy"]


def test_a_page_is_tried_for_minutes_and_then_reported(stack: Resolver) -> None:
    [subscription] = stack.properties("AWS::SNS::Subscription").values()
    policy = subscription["DeliveryPolicy"]["healthyRetryPolicy"]

    delayed = policy["numRetries"] - policy["numNoDelayRetries"]
    at_least = policy["numMinDelayRetries"] * policy["minDelayTarget"]
    at_most = at_least + (delayed - policy["numMinDelayRetries"]) * policy["maxDelayTarget"]

    assert policy["minDelayTarget"] <= policy["maxDelayTarget"]
    assert policy["numMinDelayRetries"] + policy["numMaxDelayRetries"] < delayed
    assert 300 < at_most < LONGEST_SECONDS


def test_every_topic_is_encrypted_with_a_key_that_cloudwatch_may_use(stack: Resolver) -> None:
    [(name, key)] = stack.properties("AWS::KMS::Key").items()
    for topic in stack.properties("AWS::SNS::Topic").values():
        assert topic["KmsMasterKeyId"] == f"AWS::KMS::Key/{name}"
    administer, publish = key["KeyPolicy"]["Statement"]
    assert publish["Effect"] == "Allow"
    assert publish["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert publish["Action"] == [
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
    ]
    assert publish["Condition"] == OURS_ALONE
    assert administer["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert key["EnableKeyRotation"] is True


def test_a_key_that_is_handed_in_encrypts_every_topic(template: dict[str, Any]) -> None:
    key = f"arn:aws:kms:us-west-1:{ACCOUNT}:key/0f1e2d3c"
    stack = Resolver(template, {"FallbackEmail": "on-call@example.com", "TopicKeyArn": key})

    assert not stack.properties("AWS::KMS::Key")
    topics = stack.properties("AWS::SNS::Topic").values()
    assert [topic["KmsMasterKeyId"] for topic in topics] == [key, key]


def test_only_the_alarms_of_this_account_may_publish_and_only_over_tls(stack: Resolver) -> None:
    policies = stack.properties("AWS::SNS::TopicPolicy").values()
    for policy in policies:
        statement, deny = policy["PolicyDocument"]["Statement"]
        assert [statement["Resource"]] == [deny["Resource"]] == policy["Topics"]
        assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "sns:Publish")
        assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert statement["Effect"] == "Allow"
        assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert statement["Action"] == "sns:Publish"
        assert statement["Condition"] == OURS_ALONE
    topics = stack.properties("AWS::SNS::Topic")
    assert sorted(policy["Topics"][0] for policy in policies) == sorted(
        f"AWS::SNS::Topic/{name}" for name in topics
    )


def test_the_fallback_reaches_a_mailbox(stack: Resolver) -> None:
    topic = stack.properties("AWS::SNS::Topic")["FallbackTopic"]
    assert topic["Subscription"] == [{"Protocol": "email", "Endpoint": "on-call@example.com"}]
