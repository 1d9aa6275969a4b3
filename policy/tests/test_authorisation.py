"""The rule on authorisation looks beyond the template, at what is deployed with it."""

from collections import defaultdict
from pathlib import Path

import pytest

from tests.paths import lint

COMPONENT = {
    "template.yml": """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  AuthMode: {Type: String, Default: ApiKey}
  TransportSecurity: {Type: String, Default: Required}
  TrustedImageHosts: {Type: String, Default: ""}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      DefinitionBody: {"Fn::Transform": {Name: AWS::Include, Parameters: {Location: openapi.yml}}}
""",
    "openapi.yml": """\
openapi: 3.0.3
info: {title: An API, version: "1"}
paths:
  /route:
    get: {responses: {'200': {description: An answer.}}, security: [{ApiKey: []}]}
""",
    "parameters/local.yml": "AuthMode: None\nTrustedImageHosts: a:1\n",
    "parameters/production.yml": "AuthMode: IAM\n",
    "bitbucket-pipelines.yml": "script: make deploy AuthMode=ApiKey TrustedImageHosts=\n",
}
# What is replaced, in which file, by what; and what the rule says to it.
CASES = {
    "nothing": ("template.yml", "", "", None),
    "environment": ("parameters/production.yml", "IAM", "None", "sets AuthMode to None"),
    "quoted": ("parameters/production.yml", "IAM", "'None'", "sets AuthMode to None"),
    "plain HTTP": (
        *("parameters/production.yml", "AuthMode: IAM", "TransportSecurity: Optional"),
        "production.yml sets TransportSecurity to Optional",
    ),
    "trusted host": (
        *("parameters/production.yml", "AuthMode: IAM", "TrustedImageHosts: 10.0.0.1:80"),
        "production.yml sets TrustedImageHosts to 10.0.0.1:80",
    ),
    "default": ("template.yml", ": ApiKey", ": None", "AuthMode is None by default"),
    "default plain HTTP": (
        *("template.yml", ": Required", ": Optional"),
        "TransportSecurity is Optional by default",
    ),
    "default trusted host": (
        *("template.yml", 'Default: ""', "Default: a:1"),
        "TrustedImageHosts is a:1 by default",
    ),
    "pipeline": (
        *("bitbucket-pipelines.yml", "AuthMode=ApiKey", "AuthMode=None"),
        "bitbucket-pipelines.yml sets AuthMode=None",
    ),
    "pipeline quoted": (
        *("bitbucket-pipelines.yml", "AuthMode=ApiKey", "AuthMode='None'"),
        "bitbucket-pipelines.yml sets AuthMode='None",
    ),
    "pipeline trusted host": (
        *("bitbucket-pipelines.yml", "TrustedImageHosts=", "TrustedImageHosts=a:1"),
        "bitbucket-pipelines.yml sets TrustedImageHosts=a:1",
    ),
    "open operation": (
        *("openapi.yml", ", security: [{ApiKey: []}]", ""),
        "GET /route names no security",
    ),
    "empty security": ("openapi.yml", "[{ApiKey: []}]", "[]", "GET /route names no security"),
}


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the rule says about each case, all linted in one run."""
    root = tmp_path_factory.mktemp("root")
    for case, (changed, old, new, _) in CASES.items():
        for name, text in COMPONENT.items():
            assert old in COMPONENT[changed]
            path = root / case / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace(old, new) if name == changed else text)
    found = defaultdict(list)
    for finding in lint(root / case / "template.yml" for case in CASES):
        if finding["Rule"]["Id"] == "E9007":
            found[Path(finding["Filename"]).parent.name].append(finding["Message"])
    return found


@pytest.mark.parametrize("case", CASES)
def test_a_component_opens_nothing_outside_a_local_cloud(
    case: str, complaints: dict[str, list[str]]
) -> None:
    expected = CASES[case][-1]

    assert len(complaints[case]) == (expected is not None)
    assert all((expected or "") in complaint for complaint in complaints[case])
