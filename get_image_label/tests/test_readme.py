"""The README's tables say what the template and the code say."""

import re

from get_image_label.routes.get_image_label import GetImageLabel
from tests import documents
from tests.lambda_common.support import kinds

README = (documents.HERE / "README.md").read_text()


def table(heading: str) -> list[list[str]]:
    """The rows of the table under a heading, without markup."""
    section = re.split(r"^## ", README, flags=re.MULTILINE)
    [body] = [each for each in section if each.startswith(heading + "\n")]
    rows = [line.strip("|").split("|") for line in body.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in row] for row in rows[2:]]


def test_lists_every_parameter_with_its_default() -> None:
    assert {row[0]: row[1].replace("(empty)", "") for row in table("Parameters")} == {
        name: str(parameter["Default"])
        for name, parameter in documents.template()["Parameters"].items()
    }


def test_lists_every_output() -> None:
    assert [row[0] for row in table("Outputs")] == list(documents.template()["Outputs"])


def test_lists_every_problem() -> None:
    assert {(row[0], row[1]) for row in table("Errors")} == {
        (str(kind.status), kind.slug) for kind in kinds()
    }


def test_names_every_problem_of_the_gateway() -> None:
    responses = documents.openapi()["x-amazon-apigateway-gateway-responses"].values()
    templates = " ".join(each["responseTemplates"]["application/json"] for each in responses)
    for slug in set(re.findall("urn:imagelabeller:problem:([a-z-]+)", templates)):
        assert f"`{slug}`" in README


def test_lists_every_metric() -> None:
    outcomes = GetImageLabel.outcomes
    assert {row[0] for row in table("Metrics and alarms")} == {
        each.metric for each in (outcomes.done, outcomes.refused, outcomes.failed)
    }
