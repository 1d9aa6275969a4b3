import re
from typing import Any

import pytest

API_PATHS = {
    "/submit-image": "submit-image",
    "/uploads": "submit-image",
    "/get-image-label": "get-image-label",
}
# CloudFront's managed policies, which have these ids in every account.
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


def properties(template: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"][name]["Properties"]
    return found


@pytest.fixture
def distribution(template: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = properties(template, "Distribution")["DistributionConfig"]
    return found


@pytest.fixture
def headers(template: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = properties(template, "SecurityHeaders")["ResponseHeadersPolicyConfig"]
    return found


def directives(headers: dict[str, Any]) -> dict[str, list[str]]:
    text = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    split = [directive.split() for directive in text["Fn::Sub"][0].split(";")]
    return {name: sources for name, *sources in split}


class TestBucket:
    def test_is_never_public_and_encrypted_and_keeps_versions(
        self, template: dict[str, Any]
    ) -> None:
        bucket = properties(template, "WebsiteBucket")
        assert bucket["BucketName"] == {
            "Fn::Sub": "open-devops-website-${AWS::Region}-${AWS::AccountId}"
        }
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
        assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
        [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}

    def test_is_read_by_this_distribution_alone(self, template: dict[str, Any]) -> None:
        policy = properties(template, "WebsiteBucketPolicy")["PolicyDocument"]
        [allow] = [each for each in policy["Statement"] if each.get("Effect") == "Allow"]
        assert allow["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert allow["Action"] == "s3:GetObject"
        assert allow["Condition"]["StringEquals"]["aws:SourceArn"]["Fn::Sub"].endswith(
            ":distribution/${Distribution}"
        )

    def test_refuses_plain_http_and_old_tls_unless_an_emulator_asks_otherwise(
        self, template: dict[str, Any]
    ) -> None:
        policy = properties(template, "WebsiteBucketPolicy")["PolicyDocument"]
        conditional = [each["Fn::If"] for each in policy["Statement"] if "Fn::If" in each]
        assert [(condition, absent) for condition, _, absent in conditional] == [
            ("HasTransportSecurity", {"Ref": "AWS::NoValue"})
        ] * 2
        for _, statement, _ in conditional:
            assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
            assert statement["Action"] == "s3:*"
        assert [statement["Condition"] for _, statement, _ in conditional] == [
            {"Bool": {"aws:SecureTransport": "false"}},
            {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        ]

    def test_deletes_no_file_that_is_current(self, template: dict[str, Any]) -> None:
        for rule in properties(template, "WebsiteBucket")["LifecycleConfiguration"]["Rules"]:
            assert not {"ExpirationInDays", "ExpirationDate"} & set(rule)


class TestPage:
    def test_comes_from_the_bucket_by_signed_requests(
        self, template: dict[str, Any], distribution: dict[str, Any]
    ) -> None:
        behaviour = distribution["DefaultCacheBehavior"]
        [origin] = [
            each for each in distribution["Origins"] if each["Id"] == behaviour["TargetOriginId"]
        ]
        assert origin["DomainName"] == {"Fn::GetAtt": ["WebsiteBucket", "RegionalDomainName"]}
        assert origin["OriginAccessControlId"] == {"Ref": "AccessControl"}
        control = properties(template, "AccessControl")["OriginAccessControlConfig"]
        assert (control["SigningBehavior"], control["SigningProtocol"]) == ("always", "sigv4")
        assert distribution["DefaultRootObject"] == "index.html"
        assert set(behaviour["AllowedMethods"]) == {"GET", "HEAD"}

    def test_is_cached_as_its_own_headers_say(self, template: dict[str, Any]) -> None:
        policy = properties(template, "CachePolicy")["CachePolicyConfig"]
        # A minimum would outweigh the page's no-cache.
        assert (policy["MinTTL"], policy["DefaultTTL"]) == (0, 0)
        assert policy["MaxTTL"] == 31536000

    def test_has_one_name_in_all_regions_nowhere(self, template: dict[str, Any]) -> None:
        """CloudFront has one set of names for an account."""
        for resource, config in (
            ("AccessControl", "OriginAccessControlConfig"),
            ("CachePolicy", "CachePolicyConfig"),
            ("SecurityHeaders", "ResponseHeadersPolicyConfig"),
        ):
            name = properties(template, resource)[config]["Name"]
            assert name == {"Fn::Sub": "${AWS::StackName}-${AWS::Region}"}


class TestApi:
    def test_is_reached_by_its_paths(self, distribution: dict[str, Any]) -> None:
        assert {
            each["PathPattern"]: each["TargetOriginId"] for each in distribution["CacheBehaviors"]
        } == API_PATHS

    @pytest.mark.parametrize("path", API_PATHS)
    def test_is_passed_on_whole_and_kept_by_no_cache(
        self, distribution: dict[str, Any], path: str
    ) -> None:
        [behaviour] = [
            each for each in distribution["CacheBehaviors"] if each["PathPattern"] == path
        ]
        assert behaviour["CachePolicyId"] == CACHING_DISABLED
        assert behaviour["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST_HEADER
        assert behaviour["ViewerProtocolPolicy"] == "https-only"
        assert {"GET", "POST", "DELETE"} <= set(behaviour["AllowedMethods"])

    def test_has_the_stage_in_its_origin(self, distribution: dict[str, Any]) -> None:
        for origin in distribution["Origins"]:
            if origin["Id"] in API_PATHS.values():
                assert origin["OriginPath"] == {"Fn::Sub": "/${StageName}"}
                assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"

    def test_has_its_errors_replaced_by_no_page_and_kept_by_no_cache(
        self, distribution: dict[str, Any]
    ) -> None:
        """An error page is the whole distribution's, so that it would hide the API's problems."""
        for response in distribution["CustomErrorResponses"]:
            assert set(response) == {"ErrorCode", "ErrorCachingMinTTL"}
            assert response["ErrorCachingMinTTL"] == 0


class TestHeaders:
    def test_go_with_every_answer(self, distribution: dict[str, Any]) -> None:
        behaviours = [distribution["DefaultCacheBehavior"], *distribution["CacheBehaviors"]]
        for behaviour in behaviours:
            assert behaviour["ResponseHeadersPolicyId"] == {"Ref": "SecurityHeaders"}

    def test_allow_the_page_itself_and_uploads_to_one_bucket(self, headers: dict[str, Any]) -> None:
        policy = directives(headers)
        assert policy.pop("connect-src") == ["'self'", "${UploadTo}"]
        assert policy.pop("img-src") == ["'self'", "blob:"]
        assert set(map(tuple, policy.values())) == {("'self'",), ("'none'",)}
        for closed in ("default-src", "base-uri", "form-action", "frame-ancestors"):
            assert policy[closed] == ["'none'"]

    def test_know_the_bucket_of_the_pictures_or_the_emulator(self, headers: dict[str, Any]) -> None:
        text = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
        condition, emulated, bucket = text["Fn::Sub"][1]["UploadTo"]["Fn::If"]
        assert (condition, emulated) == ("HasUploadOrigin", {"Ref": "UploadOrigin"})
        address, names = bucket["Fn::Sub"]
        assert address == "https://${ImagesBucket}.s3.${AWS::Region}.${AWS::URLSuffix}"
        assert names["ImagesBucket"] == {
            "Fn::ImportValue": {"Fn::Sub": "${S3StackName}-ImagesBucketName"}
        }

    def test_outweigh_those_of_the_origins(self, headers: dict[str, Any]) -> None:
        security = headers["SecurityHeadersConfig"]
        custom = headers["CustomHeadersConfig"]["Items"]
        assert all(each["Override"] for each in (*security.values(), *custom))
        assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31536000
        assert security["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
        assert "ContentTypeOptions" in security
        [permissions] = [each["Value"] for each in custom if each["Header"] == "permissions-policy"]
        assert all(re.fullmatch(r"[a-z-]+=\(\)", each) for each in permissions.split(", "))


class TestViewers:
    def test_get_the_newest_protocols(self, distribution: dict[str, Any]) -> None:
        assert distribution["HttpVersion"] == "http2and3"
        assert distribution["IPV6Enabled"] is True

    def test_reach_a_name_of_its_own_by_tls_1_2(self, distribution: dict[str, Any]) -> None:
        condition, own, default = distribution["ViewerCertificate"]["Fn::If"]
        assert condition == "HasDomain"
        assert own["MinimumProtocolVersion"] == "TLSv1.2_2021"
        assert default == {"CloudFrontDefaultCertificate": True}

    def test_pass_a_web_acl_where_there_is_one(self, distribution: dict[str, Any]) -> None:
        assert distribution["WebACLId"] == {
            "Fn::If": ["HasWebAcl", {"Ref": "WebAclArn"}, {"Ref": "AWS::NoValue"}]
        }
