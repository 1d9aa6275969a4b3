from pathlib import Path

import pytest
import yaml

from deploy import document, parameters
from deploy.errors import DeployError

TEMPLATE = """
Conditions: {Keyed: !Equals [!Ref Mode, Key]}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        Fn::Transform:
          Name: AWS::Include
          Parameters: {Location: openapi.yml}
  # ApiSnapshot is what the stage serves.
  ApiSnapshot: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api}}
  ApiSnapshotOther: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api}}
  Stage: {Type: AWS::ApiGateway::Stage, Properties: {DeploymentId: !Ref ApiSnapshot}}
"""
DOCUMENT = """openapi: 3.0.3
info:
  title: {Ref: AWS::StackName}
  description: >-
    Two
    lines
x-amazon-apigateway-gateway-responses:
  DEFAULT_4XX: {statusCode: 400}
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    (tmp_path / "template.yml").write_text(TEMPLATE)
    (tmp_path / "openapi.yml").write_text(DOCUMENT)
    return tmp_path / "template.yml"


def ids(template: Path) -> list[str]:
    """Package a template, and return the ids of its deployments and that of its stage."""
    path = template.with_name("packaged.yml")
    path.write_text(document.packaged(template))
    resources = parameters.read(path)["Resources"]
    kind = "AWS::ApiGateway::Deployment"
    names = [name for name, each in resources.items() if each["Type"] == kind]
    return [*names, resources["Stage"]["Properties"]["DeploymentId"]]


def test_the_document_stands_in_the_template_as_it_is(template: Path, tmp_path: Path) -> None:
    (tmp_path / "packaged.yml").write_text(document.packaged(template))

    resources = parameters.read(tmp_path / "packaged.yml")["Resources"]
    assert resources["Api"]["Properties"]["Body"] == parameters.read(tmp_path / "openapi.yml")


def test_another_document_is_another_deployment_and_the_same_is_none(template: Path) -> None:
    first, other, served = ids(template)
    assert first.startswith("ApiSnapshot")
    assert other == first.replace("ApiSnapshot", "ApiSnapshotOther")
    assert served == first
    path = template.with_name("openapi.yml")

    path.write_text("# A comment.\n" + DOCUMENT)
    assert ids(template) == [first, other, served]
    template.write_text(TEMPLATE + "  Topic: {Type: AWS::SNS::Topic}\n")
    assert ids(template) == [first, other, served]
    path.write_text(DOCUMENT.replace("Two", "Three"))
    assert ids(template)[0] != first
    path.write_text(DOCUMENT.replace("statusCode: 400", "statusCode: 422"))
    assert ids(template)[0] != first


def test_included_files_keep_what_is_next_to_them(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/read.yml").write_text(
        "# Why.\nVersion: v\nStatement: [{Effect: Allow}]\n"
    )
    (tmp_path / "topics.yml").write_text("Topic: {Type: AWS::SNS::Topic}\n")
    (tmp_path / "template.yml").write_text(
        """
Resources:
  Fn::Transform:
    Name: AWS::Include
    Parameters: {Location: topics.yml}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyDocument:
        Fn::Transform:
          Name: AWS::Include
          Parameters: {Location: policies/read.yml}
"""
    )

    assert document.main(tmp_path / "template.yml", tmp_path / "packaged.yml") == 0

    policy = {"PolicyDocument": {"Version": "v", "Statement": [{"Effect": "Allow"}]}}
    assert parameters.read(tmp_path / "packaged.yml")["Resources"] == {
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Policy": {"Type": "AWS::IAM::Policy", "Properties": policy},
    }
    assert "        # Why.\n" in (tmp_path / "packaged.yml").read_text()


SHARED = """paths:
  /look-up:
    get:
      responses:
        "200":
          headers:
            Age: {$ref: "#/components/headers/Age"}
        "429": {$ref: "#/components/responses/Busy"}
components:
  headers:
    Age:
      schema: {type: integer}
  responses:
    Lost:
      description: Lost.
    Busy:
      description: Busy.
      headers:
        Age: {$ref: "#/components/headers/Age"}
"""


def test_shared_responses_and_headers_stand_where_they_are_referred_to() -> None:
    responses = yaml.safe_load(document.inlined(SHARED, "openapi.yml"))["paths"]["/look-up"]["get"]

    age = {"Age": {"schema": {"type": "integer"}}}
    assert responses == {
        "responses": {
            "200": {"headers": age},
            "429": {"description": "Busy.", "headers": age},
        }
    }


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("responses/Busy", "responses/Idle", r"openapi\.yml has no responses/Idle"),
        (
            '"429": {$ref: "#/components/responses/Busy"}',
            '"429": {"$ref": "#/components/responses/Busy"}',
            "refers to #/components/responses/Busy otherwise than",
        ),
    ],
)
def test_a_reference_that_cannot_be_followed_is_reported(old: str, new: str, reason: str) -> None:
    with pytest.raises(DeployError, match=reason):
        document.inlined(SHARED.replace(old, new), "openapi.yml")


def test_a_template_without_a_document_stays_as_it_is(template: Path, tmp_path: Path) -> None:
    template.write_text("Resources: {}\n")

    assert document.main(template, tmp_path / "target.yml") == 0
    assert (tmp_path / "target.yml").read_text() == "Resources: {}\n"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("{Location: openapi.yml}", "{Location: none.yml}", "none.yml is missing"),
        ("{Location: openapi.yml}", "{Location: s3://bucket/key}", "includes a file otherwise"),
        ("{Location: openapi.yml}", "{Location: ../none.yml}", "includes a file otherwise"),
    ],
)
def test_what_cannot_be_included_is_reported(
    template: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, complaint: str
) -> None:
    template.write_text(TEMPLATE.replace(old, new))

    assert document.main(template, template.with_name("target.yml")) == 2
    assert complaint in capsys.readouterr().err
