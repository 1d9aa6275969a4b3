import re
from typing import Any

import pytest

BUCKETS = ("ImagesBucket", "CodeBucket")


def rules(template: dict[str, Any], bucket: str) -> dict[str, dict[str, Any]]:
    found = template["Resources"][bucket]["Properties"]["LifecycleConfiguration"]["Rules"]
    return {rule["Id"]: rule for rule in found}


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
        rule = rules(template, "ImagesBucket")["ExpireImages"]
        assert "Prefix" not in rule
        assert rule["ExpirationInDays"] == {"Ref": "RetentionDays"}

    def test_uploads_expire_after_a_day(self, template: dict[str, Any]) -> None:
        rule = rules(template, "ImagesBucket")["ExpireUploads"]
        assert rule["Prefix"] == "uploads/"
        assert rule["ExpirationInDays"] == 1

    def test_leave_no_old_version_behind(self, template: dict[str, Any]) -> None:
        for rule in rules(template, "ImagesBucket").values():
            assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


class TestUploadsFromThePage:
    def test_the_page_alone_may_send_forms_and_nothing_else(self, template: dict[str, Any]) -> None:
        properties = template["Resources"]["ImagesBucket"]["Properties"]
        condition, cors, otherwise = properties["CorsConfiguration"]["Fn::If"]
        assert condition == "HasPage"
        assert cors == {
            "CorsRules": [
                {
                    "AllowedOrigins": [{"Ref": "PageOrigin"}],
                    "AllowedMethods": ["POST"],
                    "MaxAge": 3600,
                }
            ]
        }
        assert otherwise == {"Ref": "AWS::NoValue"}
        assert "CorsConfiguration" not in template["Resources"]["CodeBucket"]["Properties"]

    def test_without_a_page_no_page_may(self, template: dict[str, Any]) -> None:
        assert template["Parameters"]["PageOrigin"]["Default"] == ""
        assert template["Conditions"]["HasPage"] == {
            "Fn::Not": [{"Fn::Equals": [{"Ref": "PageOrigin"}, ""]}]
        }

    @pytest.mark.parametrize(
        "origin",
        [
            "",
            "https://d111111abcdef8.cloudfront.net",
            "https://photos.example.com:8443",
            "http://d1.cloudfront.localhost:4566",
            "http://localhost:8000",
            "http://127.0.0.1:8000",
        ],
    )
    def test_an_origin_is_accepted(self, template: dict[str, Any], origin: str) -> None:
        assert re.fullmatch(template["Parameters"]["PageOrigin"]["AllowedPattern"], origin)

    @pytest.mark.parametrize(
        "origin",
        [
            "*",
            "https://*",
            "https://*.example.com",
            "https://photos.example.com/",
            "https://photos.example.com/page",
            "http://photos.example.com",
            "http://localhost.example.com",
            "http://notlocalhost",
            "photos.example.com",
            "null",
        ],
    )
    def test_what_is_no_origin_or_can_be_forged_is_refused(
        self, template: dict[str, Any], origin: str
    ) -> None:
        assert not re.fullmatch(template["Parameters"]["PageOrigin"]["AllowedPattern"], origin)


class TestCode:
    @pytest.mark.parametrize("prefix", ["system-tests/", "uploads/"])
    def test_uploaded_photographs_expire_after_a_day(
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
