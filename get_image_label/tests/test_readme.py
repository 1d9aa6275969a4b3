"""The README's tables say what the template and the code say."""

import re

from get_image_label.problems import Problem
from tests import documents

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
    assert [(row[0], row[1]) for row in table("Errors")] == [
        (str(kind.status), kind.slug) for kind in Problem.__subclasses__()
    ]


def test_names_every_problem_of_the_gateway() -> None:
    responses = documents.openapi()["x-amazon-apigateway-gateway-responses"].values()
    templates = " ".join(each["responseTemplates"]["application/json"] for each in responses)
    for slug in set(re.findall("urn:imagelabeller:problem:([a-z-]+)", templates)):
        assert f"`{slug}`" in README


def test_lists_every_metric() -> None:
    source = (documents.HERE / "src/get_image_label/entry.py").read_text()
    assert {row[0] for row in table("Metrics and alarms")} == set(
        re.findall(r'add_metric\("(\w+)"', source)
    )
