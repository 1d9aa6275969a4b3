"""What is wrong in a page stops the build."""

import subprocess
import sys
from pathlib import Path

import pytest
from pages import DOCS, SOURCE

CONF = (
    (SOURCE / "conf.py")
    .read_text()
    .replace('Path(__file__).parent / "_ext"', f'"{SOURCE / "_ext"}"')
)


def build(source: Path, page: str) -> subprocess.CompletedProcess[str]:
    """Build a guide of one page as strictly as the Makefile does."""
    source.mkdir(exist_ok=True)
    (source / "_static").mkdir(exist_ok=True)
    (source / "conf.py").write_text(CONF)
    (source / "index.md").write_text(page)
    strict = next(
        line
        for line in (DOCS / "component.mk").read_text().splitlines()
        if line.startswith("STRICT")
    )
    options = strict.partition(":=")[2].split()
    return subprocess.run(
        [sys.executable, "-m", "sphinx", *options, "--builder", "html", source, source / "html"],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("# Guide\n\n[gone](gone.md)\n", "gone.md"),
        ("# Guide\n\n[gone](#gone)\n", "gone"),
        ("# Guide\n\n```{parameters} no_component\n```\n", "no_component has no template.yml"),
        ("# Guide\n\n```{diagram} gone\nWords.\n```\n", "D2 refuses gone.d2"),
        ("# Guide\n\n```{nonsense}\n```\n", "nonsense"),
        ("# Guide\n\n{default}`s3_infra:NoParameter`\n", "NoParameter"),
    ],
)
def test_a_page_that_is_wrong_is_refused(tmp_path: Path, page: str, said: str) -> None:
    done = build(tmp_path / "source", page)

    assert done.returncode != 0
    assert said in done.stderr


def test_a_page_that_is_right_is_built(tmp_path: Path) -> None:
    page = "# Guide\n\n```{aws}\nmake deploy\n```\n\n{default}`s3_infra:RetentionDays`\n"

    done = build(tmp_path / "source", page)

    assert done.returncode == 0, done.stderr
    html = (tmp_path / "source/html/index.html").read_text()
    assert "Needs an AWS account" in html
    assert ">30<" in html
