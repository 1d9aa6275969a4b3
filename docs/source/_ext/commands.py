"""Directives for the commands that a reader types: each says what it needs, and tests read it."""

from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata


class Command(SphinxDirective):
    """Shell commands under a label that says what they need."""

    has_content = True
    label: ClassVar[str]

    def run(self) -> list[nodes.Node]:
        """Make the label and the block of commands."""
        text = "\n".join(self.content)
        block = nodes.literal_block(text, text, language="sh")
        label = nodes.paragraph(self.label, self.label, classes=["command-label"])
        return [nodes.container("", label, block, classes=["command", self.name])]


class Local(Command):
    """Commands that need this repository and nothing else."""

    label = "On your machine"


class Internet(Command):
    """Commands that need this repository and the internet."""

    label = "On your machine, with the internet"


class Aws(Command):
    """Commands that act on an AWS account."""

    label = "Needs an AWS account"


class Bitbucket(Command):
    """Commands that need a Bitbucket workspace."""

    label = "Needs a Bitbucket workspace"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives with Sphinx."""
    app.add_directive("local", Local)
    app.add_directive("internet", Internet)
    app.add_directive("aws", Aws)
    app.add_directive("bitbucket", Bitbucket)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
