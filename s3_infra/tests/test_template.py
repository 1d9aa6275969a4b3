from typing import Any

import pytest

BUCKETS = ("ImagesBucket", "CodeBucket")


def rules(template: dict[str, Any], bucket: str) -> dict[str, dict[str, Any]]:
    found = template["Resources"][bucket]["Properties"]["LifecycleConfiguration"]["Rules"]
    return {rule["Id"]: rule for rule in found}


def test_it_owns_two_buckets_and_their_policies(template: dict[str, Any]) -> None:
    assert {name: each["Type"] for name, each in template["Resources"].items()} == {
        "ImagesBucket": "AWS::S3::Bucket",
        "ImagesBucketPolicy": "AWS::S3::BucketPolicy",
        "CodeBucket": "AWS::S3::Bucket",
        "CodeBucketPolicy": "AWS::S3::BucketPolicy",
    }


@pytest.mark.parametrize(
    ("bucket", "name"),
    [
        ("ImagesBucket", "open-devops-images-${AWS::Region}-${AWS::AccountId}"),
        ("CodeBucket", "open-devops-code-${AWS::Region}-${AWS::AccountId}"),
    ],
)
def test_a_bucket_has_the_name_that_the_others_expect(
    template: dict[str, Any], bucket: str, name: str
) -> None:
    assert template["Resources"][bucket]["Properties"]["BucketName"] == {"Fn::Sub": name}


@pytest.mark.parametrize("bucket", BUCKETS)
class TestEveryBucket:
    def test_survives_its_stack(self, template: dict[str, Any], bucket: str) -> None:
        assert template["Resources"][bucket]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert template["Resources"][bucket]["UpdateReplacePolicy"] == "Retain"

    def test_is_never_public(self, template: dict[str, Any], bucket: str) -> None:
        block = template["Resources"][bucket]["Properties"]["PublicAccessBlockConfiguration"]
        assert block == {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        }

    def test_knows_no_access_control_lists(self, template: dict[str, Any], bucket: str) -> None:
        properties = template["Resources"][bucket]["Properties"]
        assert "AccessControl" not in properties
        assert properties["OwnershipControls"] == {
            "Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]
        }

    def test_is_encrypted_with_keys_that_its_owner_cannot_lose(
        self, template: dict[str, Any], bucket: str
    ) -> None:
        encryption = template["Resources"][bucket]["Properties"]["BucketEncryption"]
        [rule] = encryption["ServerSideEncryptionConfiguration"]
        assert rule == {
            "ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
            "BucketKeyEnabled": True,
            "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
        }

    def test_keeps_versions_to_undo_a_mistake(self, template: dict[str, Any], bucket: str) -> None:
        properties = template["Resources"][bucket]["Properties"]
        assert properties["VersioningConfiguration"] == {"Status": "Enabled"}

    def test_keeps_no_part_of_an_aborted_upload(
        self, template: dict[str, Any], bucket: str
    ) -> None:
        everything = [rule for rule in rules(template, bucket).values() if "Prefix" not in rule]
        assert [rule["AbortIncompleteMultipartUpload"] for rule in everything] == [
            {"DaysAfterInitiation": 1}
        ]

    def test_has_only_rules_that_are_in_force_and_that_end_versions(
        self, template: dict[str, Any], bucket: str
    ) -> None:
        for rule in rules(template, bucket).values():
            assert rule["Status"] == "Enabled"
            assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] >= 1

    def test_logs_to_the_named_bucket_under_its_own_name(
        self, template: dict[str, Any], bucket: str
    ) -> None:
        properties = template["Resources"][bucket]["Properties"]
        condition, logging, otherwise = properties["LoggingConfiguration"]["Fn::If"]
        assert condition == "HasAccessLogs"
        assert logging["DestinationBucketName"] == {"Ref": "AccessLogBucketName"}
        assert logging["LogFilePrefix"] == {"Fn::Sub": properties["BucketName"]["Fn::Sub"] + "/"}
        assert otherwise == {"Ref": "AWS::NoValue"}

    def test_refuses_plain_http_and_old_tls_from_everyone(
        self, template: dict[str, Any], bucket: str
    ) -> None:
        policy = template["Resources"][f"{bucket}Policy"]
        assert policy["Properties"]["Bucket"] == {"Ref": bucket}
        statements = policy["Properties"]["PolicyDocument"]["Statement"]
        for statement in statements:
            assert statement["Effect"] == "Deny"
            assert statement["Principal"] == "*"
            assert statement["Action"] == "s3:*"
            assert statement["Resource"] == [
                {"Fn::GetAtt": [bucket, "Arn"]},
                {"Fn::Sub": f"${{{bucket}.Arn}}/*"},
            ]
        assert [statement["Condition"] for statement in statements] == [
            {"Bool": {"aws:SecureTransport": "false"}},
            {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        ]

    def test_refuses_them_unless_an_emulator_asks_otherwise(
        self, template: dict[str, Any], bucket: str
    ) -> None:
        assert template["Resources"][f"{bucket}Policy"]["Condition"] == "HasTransportSecurity"
        assert template["Conditions"]["HasTransportSecurity"] == {
            "Fn::Equals": [{"Ref": "TransportSecurity"}, "Required"]
        }
        assert template["Parameters"]["TransportSecurity"]["Default"] == "Required"


class TestImages:
    def test_expire_after_the_days_that_the_stack_exports(self, template: dict[str, Any]) -> None:
        [rule] = rules(template, "ImagesBucket").values()
        assert "Prefix" not in rule
        assert rule["ExpirationInDays"] == {"Ref": "RetentionDays"}
        assert template["Outputs"]["RetentionDays"]["Value"] == {"Ref": "RetentionDays"}

    def test_leave_no_old_version_behind(self, template: dict[str, Any]) -> None:
        [rule] = rules(template, "ImagesBucket").values()
        assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


class TestCode:
    @pytest.mark.parametrize("prefix", ["system-tests/", "uploads/"])
    def test_photographs_that_are_lent_expire_after_a_day(
        self, template: dict[str, Any], prefix: str
    ) -> None:
        [rule] = [
            rule for rule in rules(template, "CodeBucket").values() if rule.get("Prefix") == prefix
        ]
        assert rule["ExpirationInDays"] == 1
        assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}

    def test_a_package_that_a_stack_may_roll_back_to_stays(self, template: dict[str, Any]) -> None:
        for rule in rules(template, "CodeBucket").values():
            assert "Prefix" in rule or "ExpirationInDays" not in rule
