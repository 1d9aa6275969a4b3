"""The template that is deployed, with what it includes in it: `python -m deploy.document`.

`sam package` would upload a local file of `AWS::Include` for CloudFormation to read. Here the
file's text takes its place: the template shows all, and nobody needs a permission more.

A stage of an API serves a snapshot, an `AWS::ApiGateway::Deployment`, and CloudFormation makes a
new one only under another logical id. So the digest of the document ends the ids of the template's
deployments: another document is another deployment, and the same one is none.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html
"""

import hashlib
import json
import re
import sys
import textwrap
from pathlib import Path

from deploy import parameters
from deploy.errors import DeployError

INCLUDE = re.compile(
    r"^(?P<lead> *(?:- )?)Fn::Transform:\n"
    r" +Name: AWS::Include\n"
    r" +Parameters: \{Location: (?P<file>\w[\w.-]*(?:/\w[\w.-]*)*)\}\n",
    re.MULTILINE,
)
# API Gateway's first importer ignored responses that are references, and AWS does not say that the
# present one reads them: https://github.com/amazon-archives/aws-apigateway-importer/issues/117
REFERENCE = re.compile(
    r"^(?P<indent> *)(?P<key>[^\s:]+): "
    r'\{\$ref: "#/components/(?P<kind>responses|headers)/(?P<name>\w+)"\}\n',
    re.MULTILINE,
)
DEPLOYMENT = "AWS::ApiGateway::Deployment"
DIGITS = 10  # of the digest, as many as AWS SAM takes


def packaged(template: Path) -> str:
    """Return the text of a template with the files that it includes; any other stays as it is.

    Args:
        template: The template; the paths of the files are relative to its directory.

    Raises:
        DeployError: If a file is missing, or included in a way that is not understood.
    """
    text = template.read_text(encoding="utf-8")
    paths = [template.parent / found["file"] for found in INCLUDE.finditer(text)]
    # Comments and line breaks are no part of the API.
    content = "".join(json.dumps(parameters.read(path), sort_keys=True) for path in paths)
    ids = [
        name
        for name, resource in parameters.read(template).get("Resources", {}).items()
        if resource.get("Type") == DEPLOYMENT
    ]
    text = INCLUDE.sub(lambda found: _snippet(template.parent, found), text)
    if "AWS::Include" in text:
        raise DeployError(f"{template} includes a file otherwise than deploy.document reads.")
    if not paths or not ids:
        return text
    digest = hashlib.sha256(content.encode()).hexdigest()[:DIGITS]
    return re.sub(rf"\b({'|'.join(ids)})\b", rf"\g<1>{digest}", text)


def inlined(content: str, name: str) -> str:
    """Put an OpenAPI document's responses and headers in the place of the references to them.

    Args:
        content: The document's text; any other text stays as it is.
        name: Name of its file.

    Raises:
        DeployError: If one of them is missing, or referred to in a way that is not understood.
    """
    while found := REFERENCE.search(content):
        definition = re.search(
            rf"^  {found['kind']}:\n(?:    .*\n)*?    {found['name']}:\n(?P<body>(?:      .*\n)+)",
            content,
            re.MULTILINE,
        )
        if not definition:
            raise DeployError(f"{name} has no {found['kind']}/{found['name']} in its components.")
        indent = found["indent"]
        body = textwrap.indent(textwrap.dedent(definition["body"]), f"{indent}  ")
        text = f"{indent}{found['key']}:\n{body}"
        content = content[: found.start()] + text + content[found.end() :]
    if left := re.search(r"#/components/(?:responses|headers)/\w+", content):
        raise DeployError(f"{name} refers to {left[0]} otherwise than deploy.document reads.")
    return content


def _snippet(folder: Path, found: re.Match[str]) -> str:
    content = inlined((folder / found["file"]).read_text(encoding="utf-8"), found["file"])
    lead: str = found["lead"]
    return lead + textwrap.indent(content, " " * len(lead))[len(lead) :]


def main(template: Path, target: Path) -> int:
    """Write the template that is deployed."""
    try:
        target.write_text(packaged(template), encoding="utf-8")
    except DeployError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's output
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
