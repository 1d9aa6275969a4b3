"""Parts of Markdown pages that are rendered in their place, between two comments."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from local_aws.project.facts import Facts

from skeleton.copies import tracked
from skeleton.rendering import TEMPLATE, Rendering, names, text

BLOCKS = Path("skeleton/blocks")
BLOCK = re.compile(r"(<!-- rendered: ([\w-]+) -->\n).*?(<!-- end -->\n)", re.DOTALL)


def pages(root: Path, facts: Facts) -> Iterator[Rendering]:
    """Render the blocks of all pages that git knows.

    Args:
        root: The repository root.
        facts: The project's facts.

    Raises:
        jinja2.TemplateError: If a template is wrong.
        ValueError: If there is no block of a name.
    """
    known = names(root, facts)
    for page in tracked(root):
        if page.suffix != ".md":
            continue
        written = (root / page).read_text()
        sources = {match[2]: _source(root, page, match[2]) for match in BLOCK.finditer(written)}
        if not sources:
            continue
        blocks = {name: text((root / path).read_text(), known) for name, path in sources.items()}
        yield Rendering(next(iter(sources.values())), page, _filled(written, blocks).encode())


def _source(root: Path, page: Path, name: str) -> Path:
    source = BLOCKS / f"{name}.md{TEMPLATE}"
    if not (root / source).is_file():
        raise ValueError(f"{page} has a block {name!r}, and there is no {source}.")
    return source


def _filled(page: str, blocks: Mapping[str, str]) -> str:
    return BLOCK.sub(lambda match: match[1] + blocks[match[2]] + match[3], page)
