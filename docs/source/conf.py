"""Sphinx's configuration: one theme, and nothing loaded from other sites."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "ImageLabeller"
html_title = "ImageLabeller"
copyright = "the ImageLabeller authors"  # noqa: A001 - Sphinx's name for it

extensions = [
    "myst_parser",
    "sphinx_copybutton",
    "sphinx_design",
    "commands",
    "diagrams",
    "performance",
    "quotas",
    "structure",
    "templates",
    "validation",
]
exclude_patterns = ["_ext", "diagrams"]
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["guide.css"]
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "navigation_with_keys": True,
    "light_css_variables": {"font-stack": "system-ui, sans-serif"},
}
copybutton_selector = "div.command pre"
