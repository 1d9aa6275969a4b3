"""Directives and a role that read the components' templates, so that the pages agree with them."""

from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.parsers.rst.states import Inliner
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

PROJECT = Path(__file__).parents[3]


class Loader(yaml.SafeLoader):
    """Reads a template; what an intrinsic function stands for is of no interest here."""


Loader.add_multi_constructor("!", lambda _loader, _suffix, node: str(node.value))


def template(component: str, name: str = "template.yml") -> dict[str, Any]:
    """Read a component's CloudFormation template, with the files that it includes.

    Args:
        component: Name of the component's directory.
        name: Name of the file.

    Returns:
        The template, with every intrinsic function as a text.
    """
    folder = PROJECT / component
    body: dict[str, Any] = _with_included(_read(folder / name), folder)
    return body


def _with_included(node: Any, folder: Path) -> Any:
    if isinstance(node, list):
        return [_with_included(each, folder) for each in node]
    if not isinstance(node, dict):
        return node
    found: dict[str, Any] = {}
    for key, value in node.items():
        match key, value:
            case "Fn::Transform", {"Name": "AWS::Include", "Parameters": {"Location": str(file)}}:
                found |= _read(folder / file)
            case _:
                found[key] = _with_included(value, folder)
    return found


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(), Loader)  # noqa: S506 # nosec B506 # a SafeLoader


def described(value: object) -> str:
    """Return a description or a default in one line; an empty one is described."""
    text = "yes" if value is True else "no" if value is False else " ".join(str(value).split())
    return text or "empty"


class Table(SphinxDirective):
    """A table that is made from a component's template."""

    required_arguments = 1
    heads: tuple[str, ...]

    def rows(self, body: dict[str, Any]) -> list[tuple[str, ...]]:
        """List the cells; the first column is shown as code."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        component = self.arguments[0]
        for path in (PROJECT / component).glob("*.yml"):
            self.env.note_dependency(path)
        try:
            rows = self.rows(template(component))
        except FileNotFoundError as error:
            raise self.error(f"{component} has no template.yml") from error
        group = nodes.tgroup(
            "", *(nodes.colspec(colwidth=1) for _ in self.heads), cols=len(self.heads)
        )
        group += nodes.thead("", self.row(self.heads, code=False))
        group += nodes.tbody("", *(self.row(cells, code=True) for cells in rows))
        return [nodes.table("", group, classes=["from-template"])]

    @staticmethod
    def row(cells: tuple[str, ...], *, code: bool) -> nodes.row:
        """Make a row, the first cell as code if wanted."""
        row = nodes.row()
        for position, cell in enumerate(cells):
            inline = nodes.literal if code and position == 0 else nodes.inline
            row += nodes.entry("", nodes.paragraph("", "", inline(cell, cell)))
        return row


class Parameters(Table):
    """The parameters of a template, with their defaults."""

    heads = ("parameter", "default", "meaning")

    def rows(self, body: dict[str, Any]) -> list[tuple[str, ...]]:
        """One row for each parameter."""
        return [
            (
                name,
                described(each.get("Default", "none: it must be given")),
                described(each["Description"]),
            )
            for name, each in body["Parameters"].items()
        ]


class Outputs(Table):
    """The outputs of a template."""

    heads = ("output", "meaning")

    def rows(self, body: dict[str, Any]) -> list[tuple[str, ...]]:
        """One row for each output."""
        return [(name, described(each["Description"])) for name, each in body["Outputs"].items()]


class Alarms(Table):
    """The alarms of a template."""

    heads = ("alarm", "meaning")

    def rows(self, body: dict[str, Any]) -> list[tuple[str, ...]]:
        """One row for each alarm."""
        return [
            (name, described(each["Properties"]["AlarmDescription"]))
            for name, each in body["Resources"].items()
            if each["Type"] in ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
        ]


def default(
    _name: str, rawtext: str, text: str, lineno: int, inliner: Inliner, **_options: object
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """Show the default of a parameter, written as `component:Parameter`."""
    component, parameter = text.split(":")
    try:
        value = described(template(component)["Parameters"][parameter]["Default"])
    except (FileNotFoundError, KeyError):
        return [], [inliner.reporter.error(f"{text} is no parameter with a default", line=lineno)]
    return [nodes.literal(rawtext, value)], []


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives and the role with Sphinx."""
    app.add_directive("parameters", Parameters)
    app.add_directive("outputs", Outputs)
    app.add_directive("alarms", Alarms)
    app.add_role("default", default)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
