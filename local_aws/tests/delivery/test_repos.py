"""The tree is split into repositories that can be pushed, and pushed again."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from local_aws.delivery.git import git
from local_aws.delivery.repos import SplitError, main, split

HOUSE = Path(__file__).parents[3]
COMPONENTS = ("store", "submit")
Commit = Callable[[Path, str, dict[str, str]], str]


def test_each_repository_holds_its_component_and_its_history(tree: Path, tmp_path: Path) -> None:
    split(tree, tmp_path / "repos", COMPONENTS)

    store = tmp_path / "repos" / "store"
    assert (store / "template.yml").read_text() == "two\n"
    assert not (store / "README.md").exists()
    assert git(store, "log", "--format=%s").splitlines() == ["Store them longer", "Store pictures"]
    assert git(store, "branch", "--show-current") == "main"
    assert git(store, "status", "--porcelain") == ""


def test_splitting_again_changes_nothing(tree: Path, tmp_path: Path) -> None:
    before = split(tree, tmp_path / "repos", COMPONENTS)

    assert split(tree, tmp_path / "repos", COMPONENTS) == before
    assert split(tree, tmp_path / "elsewhere", COMPONENTS) == before


def test_a_repository_moves_forward_and_keeps_its_remote(
    tree: Path, tmp_path: Path, commit: Commit
) -> None:
    split(tree, tmp_path / "repos", COMPONENTS)
    store = tmp_path / "repos" / "store"
    before = git(store, "rev-parse", "HEAD")
    git(store, "remote", "add", "origin", "git@bitbucket.org:example/store.git")
    commit(tree, "Store them for ever", {"store/template.yml": "three\n"})

    after = split(tree, tmp_path / "repos", COMPONENTS)["store"]

    assert (store / "template.yml").read_text() == "three\n"
    assert git(store, "rev-parse", f"{after}~1") == before
    assert git(store, "remote") == "origin"


def test_a_change_elsewhere_leaves_a_repository_where_it_is(
    tree: Path, tmp_path: Path, commit: Commit
) -> None:
    before = split(tree, tmp_path / "repos", COMPONENTS)
    commit(tree, "Say more", {"README.md": "more\n", "submit/handler.py": "2\n"})

    after = split(tree, tmp_path / "repos", COMPONENTS)

    assert after["store"] == before["store"]
    assert after["submit"] != before["submit"]


def test_uncommitted_changes_are_refused(tree: Path, tmp_path: Path) -> None:
    (tree / "store" / "template.yml").write_text("mine\n")

    with pytest.raises(
        SplitError, match=r"uncommitted changes \(store/template.yml, .*commit them"
    ):
        split(tree, tmp_path / "repos", COMPONENTS)

    assert not (tmp_path / "repos").exists()


def test_uncommitted_changes_outside_the_components_do_not_matter(
    tree: Path, tmp_path: Path
) -> None:
    (tree / "README.md").write_text("mine\n")

    assert set(split(tree, tmp_path / "repos", COMPONENTS)) == set(COMPONENTS)


def test_a_component_that_was_never_committed_is_refused(tree: Path, tmp_path: Path) -> None:
    with pytest.raises(SplitError, match="look is not in the tree's last commit"):
        split(tree, tmp_path / "repos", ("look",))


def test_commits_that_the_tree_does_not_know_are_not_overwritten(
    tree: Path, tmp_path: Path, commit: Commit
) -> None:
    split(tree, tmp_path / "repos", COMPONENTS)
    store = tmp_path / "repos" / "store"
    theirs = commit(store, "Made in the repository", {"template.yml": "theirs\n"})
    commit(tree, "Made in the tree", {"store/template.yml": "ours\n"})

    with pytest.raises(SplitError, match="that are not in the tree"):
        split(tree, tmp_path / "repos", COMPONENTS)

    assert git(store, "rev-parse", "HEAD") == theirs


def test_the_command_says_what_is_wrong_and_nothing_else(tree: Path) -> None:
    said: list[str] = []

    status = main(["--house", str(tree)], said.append)

    assert status == 2
    assert len(said) == 1
    assert "is not in the tree's last commit" in said[0]


def test_a_directory_that_is_no_repository_is_said_to_be_none(tmp_path: Path) -> None:
    said: list[str] = []

    assert main(["--house", str(tmp_path)], said.append) == 2
    assert "not a git repository" in said[0]


@pytest.mark.timeout(300)
def test_a_split_component_passes_its_own_checks(tmp_path: Path) -> None:
    # given the last commit, whatever is being worked on beside it
    git(tmp_path, "clone", "--quiet", "--no-local", str(HOUSE), "house")
    split(tmp_path / "house", tmp_path / "repos", ("dynamodb_infra",))
    git(tmp_path, "clone", "--quiet", str(tmp_path / "repos" / "dynamodb_infra"), "alone")

    # when its own checks run, without this run's settings
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    checked = subprocess.run(
        ["make", "check"],  # noqa: S607 - the make of whoever runs this
        cwd=tmp_path / "alone",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
