"""Every link between the pages leads somewhere, and every commit they name is in the history."""

import json
import re
import subprocess

import pytest

from tests.project import PROJECT, tracked

# The documentation's own pages have Sphinx's references, which its strict build checks.
PAGES = [
    path
    for path in tracked(".")
    if path.suffix == ".md" and PROJECT / "docs/source" not in path.parents
]


def git(*words: str) -> subprocess.CompletedProcess[str]:
    """Run Git in the project."""
    return subprocess.run(["git", *words], cwd=PROJECT, capture_output=True, text=True, check=False)


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


def commits() -> dict[str, str]:
    """The commits that pages and published results name, by where they do."""
    pages = [path for path in tracked(".") if path.suffix == ".md"]
    named = {
        commit: str(page.relative_to(PROJECT))
        for page in pages
        for commit in re.findall(r"(?:commit `|BEFORE=)([0-9a-f]{7,40})\b", page.read_text())
    }
    results = "docs/source/_static/performance/results.json"
    measured = json.loads((PROJECT / results).read_text())["commits"].values()
    return named | dict.fromkeys(measured, results)


@pytest.mark.skipif(
    git("rev-parse", "--is-shallow-repository").stdout.strip() != "false",
    reason="a shallow clone has no history",
)
def test_every_commit_that_a_page_names_is_in_the_history() -> None:
    named = commits()

    missing = [
        f"{commit} ({page})"
        for commit, page in named.items()
        if git("merge-base", "--is-ancestor", commit, "HEAD").returncode
    ]

    assert len(named) > 1
    assert not missing
