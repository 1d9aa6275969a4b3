"""The template and the API's description as the tests read them."""

import copy
import re
from pathlib import Path
from typing import Any

import yaml
from cfnlint.decode import cfn_yaml
from openapi_schema_validator import OAS30Validator

from deploy.document import inlined

HERE = Path(__file__).parent.parent
AUTH_MODES = ("ApiKey", "IAM", "None")

ABSENT = object()


def template() -> dict[str, Any]:
    """The template, short forms of intrinsic functions written out."""
    return dict(copy.deepcopy(cfn_yaml.load(str(HERE / "template.yml"))))


def openapi(auth_mode: str | None = None) -> Any:
    """The API's description as it is deployed, its functions resolved where a mode is given."""
    text = (HERE / "openapi.yml").read_text()
    document = yaml.safe_load(inlined(text, "openapi.yml"))
    return resolve(document, auth_mode) if auth_mode else document


def resolve(node: Any, auth_mode: str) -> Any:
    """Resolve the intrinsic functions that openapi.yml uses."""
    conditions = {"UsesApiKey": auth_mode == "ApiKey", "UsesIam": auth_mode == "IAM"}
    match node:
        case {"Fn::If": [condition, yes, no]}:
            return resolve(yes if conditions[condition] else no, auth_mode)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{[^}]+\}", "x", text)
        case {"Ref": str(name)}:
            return {"AWS::NoValue": ABSENT, "AWS::StackName": "OpenDevOpsGetImageLabel"}[name]
        case dict():
            resolved = {key: resolve(value, auth_mode) for key, value in node.items()}
            return {key: value for key, value in resolved.items() if value is not ABSENT}
        case list():
            return [resolve(value, auth_mode) for value in node]
        case _:
            return node


def operation() -> dict[str, Any]:
    """The one operation of the API."""
    return dict(openapi("ApiKey")["paths"]["/get-image-label"]["get"])


def validator(schema: str) -> OAS30Validator:
    """A validator for one of the schemas of the API."""
    components = openapi("None")["components"]
    return OAS30Validator(
        {"$ref": f"#/components/schemas/{schema}", "components": components},
        format_checker=OAS30Validator.FORMAT_CHECKER,
    )


FUNCTION_HANDLER: str = template()["Resources"]["Function"]["Properties"]["Handler"]
