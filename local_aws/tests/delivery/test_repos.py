"""The tree is split into repositories that can be pushed, and pushed again."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from local_aws.delivery import filtering
from local_aws.delivery.git import GitError, git
from local_aws.delivery.repos import SplitError, split
from local_aws.errors import UsageError

ROOT = Path(__file__).parents[3]
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


def test_a_component_that_is_not_committed_is_named(tree: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not in the tree's last commit"):
        split(tree, tmp_path / "repos")


def unpacked(_: Path, where: Path) -> Path:
    """A directory without a repository, as an archive leaves it."""
    (where / "archive/store").mkdir(parents=True)
    return where / "archive"


def inside_another(_: Path, where: Path) -> Path:
    """The same, in a directory of somebody's own repository."""
    git(where, "init", "--quiet", "outer")
    return unpacked(where, where / "outer")


def shallow(tree: Path, where: Path) -> Path:
    """A clone of the last commit alone."""
    git(where, "clone", "--quiet", "--depth", "1", tree.as_uri(), "shallow")
    return where / "shallow"


def uncommitted(_: Path, where: Path) -> Path:
    """A repository without a commit."""
    git(where, "init", "--quiet", "new")
    return where / "new"


@pytest.mark.parametrize(
    ("made", "printed"),
    [
        (unpacked, "archive is not a Git repository, so it has no history. Clone its own"),
        (inside_another, "archive has no git repository of its own: the one in "),
        (shallow, "This clone is shallow, .*: git fetch --unshallow, then split"),
        (uncommitted, "There is no commit yet: commit everything"),
    ],
)
def test_a_tree_without_its_whole_history_is_refused(
    tree: Path, tmp_path: Path, made: Callable[[Path, Path], Path], printed: str
) -> None:
    (tmp_path / "other").mkdir()
    project = made(tree, tmp_path / "other")

    with pytest.raises(SplitError, match=printed):
        split(project, tmp_path / "repos", COMPONENTS)

    assert not (tmp_path / "repos").exists()


def detached(tree: Path, where: Path) -> Path:
    git(where, "clone", "--quiet", str(tree), "detached")
    git(where / "detached", "checkout", "--quiet", "--detach")
    return where / "detached"


def linked(tree: Path, where: Path) -> Path:
    git(tree, "worktree", "add", "--quiet", "--detach", str(where / "linked"))
    return where / "linked"


def whole_again(tree: Path, where: Path) -> Path:
    git(shallow(tree, where), "fetch", "--quiet", "--unshallow")
    return where / "shallow"


@pytest.mark.parametrize("made", [detached, linked, whole_again])
def test_it_does_not_matter_how_a_tree_with_its_history_was_checked_out(
    tree: Path, tmp_path: Path, made: Callable[[Path, Path], Path]
) -> None:
    (tmp_path / "other").mkdir()
    project = made(tree, tmp_path / "other")

    assert split(project, tmp_path / "a", COMPONENTS) == split(tree, tmp_path / "b", COMPONENTS)


def test_without_git_it_says_so(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tree))

    with pytest.raises(UsageError, match=r"^git is needed, and was not found: install it\.$"):
        split(tree, tree / "repos")


def test_a_split_component_passes_its_own_checks(tmp_path: Path) -> None:
    # given the last commit, whatever is being worked on meanwhile, and the component whose check
    # takes the least: the one without AWS's types, which each new clone's mypy reads for itself
    git(tmp_path, "clone", "--quiet", "--no-local", str(ROOT), "project")
    split(tmp_path / "project", tmp_path / "repos", ("client",))
    git(tmp_path, "clone", "--quiet", str(tmp_path / "repos" / "client"), "alone")

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


class TestTheSuitesRevision:
    @pytest.fixture
    def tested(self, tree: Path, commit: Commit) -> Path:
        """A tree with a suite, which submit's pipeline runs."""
        commit(tree, "Test them", {"system_tests/Makefile": "one\n"})
        commit(tree, "Submit more", {"submit/handler.py": "2\n"})
        return tree

    def split(self, tree: Path, target: Path) -> dict[str, str]:
        return split(tree, target, (*COMPONENTS, "system_tests"), ("submit",))

    def pin(self, repository: Path, revision: str = "HEAD") -> str:
        return git(repository, "show", f"{revision}:SYSTEM_TESTS_REVISION")

    def test_is_that_of_its_repository(self, tested: Path, tmp_path: Path) -> None:
        commits = self.split(tested, tmp_path / "repos")

        assert self.pin(tmp_path / "repos/submit") == commits["system_tests"]
        assert not (tmp_path / "repos/submit/system_tests").exists()
        assert not (tmp_path / "repos/store/SYSTEM_TESTS_REVISION").exists()

    def test_advances_with_the_suite_by_a_commit_of_its_own(
        self, tested: Path, tmp_path: Path, commit: Commit
    ) -> None:
        before = self.split(tested, tmp_path / "repos")
        commit(tested, "Test more", {"system_tests/Makefile": "two\n"})

        after = self.split(tested, tmp_path / "repos")

        submit = tmp_path / "repos/submit"
        assert git(submit, "rev-parse", "HEAD~1") == before["submit"]
        assert git(submit, "log", "-1", "--format=%s") == "Test more"
        assert git(submit, "diff", "--name-only", "HEAD~1") == "SYSTEM_TESTS_REVISION"
        assert self.pin(submit) == after["system_tests"]
        assert self.pin(submit, "HEAD~1") == before["system_tests"]
        assert after["store"] == before["store"]

    def test_is_the_same_wherever_the_tree_is_split(self, tested: Path, tmp_path: Path) -> None:
        first = self.split(tested, tmp_path / "repos")

        assert self.split(tested, tmp_path / "repos") == first
        assert self.split(tested, tmp_path / "elsewhere") == first

    def test_follows_a_merge_of_the_suites_changes(
        self, tested: Path, tmp_path: Path, commit: Commit
    ) -> None:
        git(tested, "checkout", "--quiet", "-b", "other")
        commit(tested, "Test on a branch", {"system_tests/more.py": "1\n"})
        git(tested, "checkout", "--quiet", "main")
        commit(tested, "Submit meanwhile", {"submit/handler.py": "3\n"})
        identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
        git(tested, *identity, "merge", "--quiet", "--no-ff", "other")

        commits = self.split(tested, tmp_path / "repos")

        assert self.pin(tmp_path / "repos/submit") == commits["system_tests"]

    def test_without_a_suite_nothing_is_split(self, tree: Path, tmp_path: Path) -> None:
        with pytest.raises(SplitError, match="system_tests is not in the tree's last commit"):
            split(tree, tmp_path / "repos", COMPONENTS, ("submit",))
        assert not (tmp_path / "repos/store").exists()


def test_a_history_that_cannot_be_rewritten_is_reported_in_sentences(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    git(tree, "init", "--quiet", "--initial-branch", "main")

    with pytest.raises(GitError):
        filtering.split(tree, "store", tmp_path / "scratch")
    (tmp_path / "none").mkdir()
    with pytest.raises(GitError, match="git-filter-repo could not rewrite the history"):
        filtering._filter(tmp_path / "none", "--subdirectory-filter", "store")  # noqa: SLF001 # nothing else makes it fail
