"""Small trees and repositories to split and to deliver."""

from collections.abc import Callable
from pathlib import Path

import pytest

from local_aws.delivery.git import git


def write_and_commit(tree: Path, message: str, files: dict[str, str]) -> str:
    """Write files into a tree and commit them; gives the commit."""
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(tree, "add", "--all")
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    git(tree, *identity, "commit", "--quiet", "--message", message)
    return git(tree, "rev-parse", "HEAD")


@pytest.fixture
def commit() -> Callable[[Path, str, dict[str, str]], str]:
    """Writes files into a tree and commits them."""
    return write_and_commit


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree of two components with a history."""
    tree = tmp_path / "tree"
    tree.mkdir()
    git(tree, "init", "--quiet", "--initial-branch", "main")
    start = {"store/template.yml": "one\n", "README.md": "whole\n"}
    write_and_commit(tree, "Store pictures", start)
    write_and_commit(tree, "Submit pictures", {"submit/handler.py": "1\n"})
    write_and_commit(tree, "Store them longer", {"store/template.yml": "two\n"})
    return tree
