"""Every link between the repository's pages leads somewhere, its fragment included."""

import re

import pytest

from tests.project import PROJECT
from tests.test_skeleton import tracked

# The documentation's own pages have Sphinx's references, which its strict build checks.
PAGES = [
    path
    for path in tracked(".")
    if path.suffix == ".md" and PROJECT / "docs/source" not in path.parents
]


def slugs(text: str) -> set[str]:
    """The fragments by which a page's headings are reached, as Git hosts make them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links() -> list[tuple[str, str]]:
    """Pairs of a page and a relative link on it."""
    return [
        (str(page.relative_to(PROJECT)), link)
        for page in PAGES
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text())
        if "://" not in link
    ]


@pytest.mark.parametrize(("page", "link"), links())
def test_a_link_leads_to_a_file_and_a_heading_of_it(page: str, link: str) -> None:
    path, _, fragment = link.partition("#")
    target = (PROJECT / page).parent / path if path else PROJECT / page

    assert target.exists()
    assert not fragment or fragment in slugs(target.read_text())


def test_there_are_pages_and_links() -> None:
    assert len(PAGES) > 12
    assert sum("#" in link for _, link in links()) > 2
