from typing import Any

import pytest

import predeploy
from deploy.errors import DeployError
from tests.support import accepts, table

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-1111-1111-1111-111111111111"
WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/labels/1111-2222"


def test_every_parameter_has_a_default_that_it_accepts(template: dict[str, Any]) -> None:
    for declared in template["Parameters"].values():
        assert accepts(declared, declared["Default"])


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("DomainName", "labels.example.com", True),
        ("DomainName", "https://labels.example.com", False),
        ("DomainName", "Labels.example.com", False),
        ("DomainName", "localhost", False),
        ("DomainName", "*.example.com", False),
        ("CertificateArn", CERTIFICATE, True),
        ("CertificateArn", CERTIFICATE.replace("us-east-1", "us-west-2"), False),
        ("WebAclArn", WEB_ACL, True),
        ("WebAclArn", WEB_ACL.replace("global", "regional"), False),
        ("UploadOrigin", "http://127.0.0.1:4566", True),
        ("UploadOrigin", "http://127.0.0.1:4566/", False),
        ("UploadOrigin", "https://*.example.com", False),
        ("UploadOrigin", "https://example.com; script-src *", False),
        ("PriceClass", "PriceClass_All", True),
        ("PriceClass", "PriceClass_50", False),
        ("StageName", "v1", True),
        ("StageName", "v1/", False),
        ("AccessLogBucketName", "central-logs.example", True),
        ("AccessLogBucketName", "s3://central-logs", False),
    ],
)
def test_a_parameter_refuses_what_would_fail_later(
    template: dict[str, Any],
    name: str,
    value: object,
    accepted: bool,  # noqa: FBT001 - the column of a table
) -> None:
    assert accepts(template["Parameters"][name], value) is accepted


def test_an_environment_passes_only_what_the_template_takes(
    template: dict[str, Any], parameters: dict[str, Any]
) -> None:
    for name, value in parameters.items():
        assert accepts(template["Parameters"][name], value)
    for given_by_emulators in ("TransportSecurity", "UploadOrigin"):
        assert given_by_emulators not in parameters


def test_the_readme_lists_the_parameters_with_their_defaults(
    template: dict[str, Any], readme: str
) -> None:
    listed = {name: cells[0] for name, cells in table(readme, "Parameters").items()}
    assert listed == {
        name: f"`{declared['Default']}`" if declared["Default"] != "" else "empty"
        for name, declared in template["Parameters"].items()
    }


def test_the_readme_lists_the_outputs(template: dict[str, Any], readme: str) -> None:
    assert set(table(readme, "Outputs")) == set(template["Outputs"])


@pytest.mark.parametrize("given", ["DomainName", "CertificateArn"])
def test_a_name_and_its_certificate_come_together(given: str) -> None:
    values = {"DomainName": "labels.example.com", "CertificateArn": CERTIFICATE}
    predeploy.check("Mine", "us-west-1", values)
    predeploy.check("Mine", "us-west-1", dict.fromkeys(values, ""))

    with pytest.raises(DeployError, match=f"^{given} is given and .* nothing was done"):
        predeploy.check("Mine", "us-west-1", dict.fromkeys(values, "") | {given: values[given]})
