"""Every command of the AWS CLI that a page shows exists: service, operation and options.

The CLI makes most of its commands from botocore's models
(https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-commandstructure.html).
"""

import re
from collections.abc import Iterator

import botocore.session
import pages
import pytest
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.model import ServiceModel, StructureShape

from tests.project import PROJECT, tracked

SESSION = botocore.session.get_session()
# Commands that the CLI has besides the operations of an API.
CUSTOMIZED = {"s3": {"cp", "ls", "mb", "mv", "presign", "rb", "rm", "sync", "website"}}
# https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-options.html
EVERYWHERE = {"cli-binary-format", "endpoint-url", "no-cli-pager", "output", "profile", "query"}
EVERYWHERE |= {"region"}
# Where a shell's command begins.
COMMAND = re.compile(
    r"(?:^|[`(|;&]|\bdo) *\$? *aws +([a-z0-9-]+) +([a-z0-9-]+)\b([^`|;&()\n]*)", re.M
)
# Unless another command is in it.
QUOTED = re.compile(r"\"(?:(?!\$\()[^\"\n])*\"|'[^'\n]*'")


def problem(service: str, operation: str, rest: str) -> str:
    """Return what is wrong with a command, or nothing."""
    if operation in CUSTOMIZED.get(service, ()):
        return ""
    try:
        model = SESSION.get_service_model(service)
    except UnknownServiceError:
        return f"there is no service {service}"
    names = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in names:
        return f"{service} has no operation {operation}"
    options = set(re.findall(r"(?<!\S)--([a-z][a-z0-9-]*)", rest))
    unknown = options - EVERYWHERE - accepted(model, names[operation])
    return f"{service} {operation} has no options {sorted(unknown)}" if unknown else ""


def accepted(model: ServiceModel, operation: str) -> set[str]:
    """Return the options of an operation."""
    shape = model.operation_model(operation).input_shape
    if not isinstance(shape, StructureShape):
        return set()
    kinds = {xform_name(name, "-"): each.type_name for name, each in shape.members.items()}
    return set(kinds) | {f"no-{name}" for name, kind in kinds.items() if kind == "boolean"}


def commands(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the commands in the code of a page: service, operation, and what follows."""
    for code in [*(body for _, body in pages.fences(text)), *pages.spans(text)]:
        yield from COMMAND.findall(QUOTED.sub("", code.replace("\\\n", " ")))


def test_every_command_of_the_aws_cli_exists() -> None:
    texts = [path for path in tracked(".") if path.suffix == ".md"]
    found = [(page, each) for page in texts for each in commands(page.read_text())]

    wrong = [
        f"{page.relative_to(PROJECT)}: {fault}" for page, each in found if (fault := problem(*each))
    ]

    assert not wrong
    assert len(found) > 40


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("aws sagemaker describe-endpoints", "sagemaker has no operation describe-endpoints"),
        ("KEY=$(aws apigatway get-api-key)", "there is no service apigatway"),
        (
            "aws dynamodb update-table --table ImageLabels \\\n  --region us-west-1",
            "dynamodb update-table has no options ['table']",
        ),
        ("aws dynamodb update-table --no-deletion-protection-enabled", ""),
        ("for r in $(aws ec2 describe-regions --query 'Regions[].--x'); do", ""),
        ("aws s3 ls | grep open-devops", ""),
    ],
)
def test_what_does_not_exist_is_found(line: str, expected: str) -> None:
    (found,) = commands(f"```sh\n{line}\n```\n")

    assert problem(*found) == expected
