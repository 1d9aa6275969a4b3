"""What is rendered, and what a check says about what is not."""

import shutil
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from skeleton.__main__ import findings, render

PAGE = """Before
<!-- rendered: row -->
{row}<!-- end -->
Between
<!-- rendered: regions -->
{regions}<!-- end -->
After
"""


def test_each_component_gets_the_files_of_its_kind_and_what_it_carries(root: Path) -> None:
    render(root)

    found = {
        str(path.relative_to(root))
        for directory in ("storage", "tool")
        for path in (root / directory).rglob("*")
        if path.is_file()
    }
    assert found == {
        "storage/Makefile",
        "storage/attributes",
        "storage/deploy/stack.py",
        "storage/pipeline",
        "storage/regions",
        "storage/src/shared.py",
        "storage/taskcat",
        "tool/Makefile",
        "tool/attributes",
        "tool/lib/shared.py",
    }
    assert (root / "storage/Makefile").read_text() == "STACK := Storage\n"
    assert (root / "storage/regions").read_text() == "us-west-1\nus-west-2\n"
    assert (root / "attributes").read_text() == "* text=auto\n"
    assert (root / "facts.mk").read_text() == "ALL := storage tool\n"


def test_what_is_rendered_passes_the_check_and_is_not_written_again(root: Path) -> None:
    render(root)

    assert findings(root) == []
    assert render(root) == []


def test_an_edited_copy_is_found_and_the_file_to_edit_is_named(root: Path) -> None:
    render(root)
    (root / "storage/deploy/stack.py").write_text("STACK = 2\n")

    assert findings(root) == [
        "storage/deploy/stack.py is not what skeleton/files/stack/deploy/stack.py says: "
        "edit that one, then run `make skeleton`."
    ]
    assert render(root) == [Path("storage/deploy/stack.py")]


def test_a_missing_file_is_found(root: Path) -> None:
    render(root)
    (root / "tool/Makefile").unlink()

    assert findings(root) == [
        "tool/Makefile is not what skeleton/files/component/Makefile.j2 says: "
        "edit that one, facts.yml, dynamodb_infra/row.yml or sagemaker_endpoint/template.yml, "
        "then run `make skeleton`."
    ]


def test_what_has_lost_its_source_is_found_and_deleted(root: Path) -> None:
    render(root)
    (root / "storage/deploy/old.py").write_text("OLD = 1\n")

    (finding,) = findings(root)

    assert finding.startswith("storage/deploy/old.py has no source in skeleton/files")
    assert render(root) == [Path("storage/deploy/old.py")]
    assert findings(root) == []


def test_a_file_that_is_kept_twice_is_found(root: Path) -> None:
    render(root)
    for name in ("storage/notes.md", "tool/notes.md"):
        (root / name).write_text("Notes\n=====\n")

    assert findings(root) == [
        "storage/notes.md and tool/notes.md are the same: keep one, in skeleton/files."
    ]


def test_a_copy_of_what_is_rendered_is_found_too(root: Path) -> None:
    render(root)
    (root / "tool/copied.py").write_text("ONE = 1\nTWO = 2\n")

    (finding,) = findings(root)

    assert "tool/copied.py" in finding


def test_a_single_line_is_a_value_and_may_be_the_same(root: Path) -> None:
    render(root)
    for name in ("storage/test.yml", "tool/test.yml"):
        (root / name).write_text("Days: 7\n")

    assert findings(root) == []


def test_the_blocks_of_a_page_are_rendered_in_their_place(root: Path) -> None:
    page = root / "storage/README.md"
    page.write_text(PAGE.format(row="old\n", regions=""))

    assert Path("storage/README.md") in render(root)

    assert page.read_text() == PAGE.format(row="Id\n", regions="us-west-1 us-west-2\n")
    assert findings(root) == []


def test_a_component_without_a_directory_is_refused_and_gets_none(root: Path) -> None:
    path = root / "facts.yml"
    path.write_text(path.read_text().replace("storage:", "storrage:"))

    with pytest.raises(ValueError, match="component storrage, and there is no directory storrage"):
        render(root)
    assert not (root / "storrage").exists()


def test_a_block_that_does_not_exist_is_refused(root: Path) -> None:
    (root / "page.md").write_text("<!-- rendered: rows -->\n<!-- end -->\n")

    with pytest.raises(ValueError, match=r"page\.md has a block 'rows'"):
        render(root)


def test_a_set_that_does_not_exist_is_refused(root: Path) -> None:
    edit(root / "facts.yml", "{shared: lib}", "{missing: lib}")

    with pytest.raises(ValueError, match="tool/lib carries 'missing'"):
        render(root)


def test_two_sources_of_one_file_are_refused(root: Path) -> None:
    (root / "skeleton/files/shared/Makefile").write_text("all:\n")
    edit(root / "facts.yml", "{shared: src}", "{shared: .}")

    with pytest.raises(ValueError, match="storage/Makefile has two sources"):
        render(root)


def test_a_name_that_a_template_does_not_have_is_refused(root: Path) -> None:
    edit(root / "skeleton/files/component/Makefile.j2", "component.stack", "component.stacks")

    with pytest.raises(UndefinedError, match="stacks"):
        render(root)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_where_git_knows_no_files_the_reason_is_given(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(root / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(root.parent))

    for verb in (findings, render):
        with pytest.raises(ValueError, match="Use a clone, or run `git init` there"):
            verb(root)


def test_where_there_is_no_git_the_reason_is_given(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(ValueError, match="Git lists the files to check"):
        findings(root)
