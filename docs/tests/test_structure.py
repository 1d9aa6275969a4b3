"""The picture of a package is what its imports and files say."""

import re
from pathlib import Path

import pytest
import structure
from quotas import SOURCES
from test_site import SITE

ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.DOTALL)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of three parts, the first of which imports the two others."""
    sources = {
        "__init__.py": "",
        "top.py": '"""Starts it."""\n\nimport tower.middle.work\nimport tower.bottom\n',
        "middle/__init__.py": '"""Does it.\n\nIn several ways."""\n',
        "middle/work.py": "from tower import bottom\n",
        "bottom.py": '"""Knows it."""\n',
    }
    for name, text in sources.items():
        path = tmp_path / "tower" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path / "tower"


def test_an_arrow_that_follows_from_others_is_left_out(package: Path) -> None:
    drawing = structure.drawing(package)

    assert re.findall(r"^(\w+ -> \w+)$", drawing, re.MULTILINE) == [
        "middle -> bottom",
        "top -> middle",
    ]
    assert 'middle: "middle\\n4 lines"' in drawing


def test_a_part_says_what_it_is_for(package: Path) -> None:
    assert structure.parts(package) == {
        "bottom": ("Knows it.", 1, 1),
        "middle": ("Does it.", 2, 4),
        "top": ("Starts it.", 1, 4),
    }


def test_the_page_has_every_part_of_local_aws_with_its_lines() -> None:
    html = (SITE / "architecture.html").read_text()
    rows = {tuple(re.findall(r">([^<>\n]+)<", row)) for row in re.findall(ROW, html)}
    found = structure.parts(SOURCES / "local_aws")

    assert {"deploying", "servers", "verbs"} <= set(found)
    for name, (purpose, modules, lines) in found.items():
        shown = {(row[0], *row[-2:]) for row in rows if row}
        assert (name, f"{modules}", f"{lines:,}") in shown, purpose
