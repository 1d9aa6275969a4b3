import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

import secret_gate
from tests.paths import POLICY

SECRETS = {
    "an AWS key": 'key = "AKIAQWERTYUIOPASDFGH"',
    "a private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAxF3k9vQ2",
    "a password": 'password = "correct-horse-battery"',
    "a URL with a password": "https://somebody:s3cr3t-enough@images.acme.io/",
    "random bytes": 'token = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
}
Allowed = dict[str, list[dict[str, Any]]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("ignored\n")
    return tmp_path


def gate(root: Path, allowed: Allowed | None = None) -> int:
    listed = root / ".git/list.yml"
    listed.write_text(yaml.safe_dump(allowed or {"skip": [], "values": []}))
    return secret_gate.main([str(root), str(listed)])


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_secret_fails_even_before_it_is_committed(
    secret: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "settings.py").write_text(f"\n{secret}\n")

    assert gate(root) == 1
    error = capsys.readouterr().err
    assert error.startswith("settings.py:")
    assert secret not in error


def test_a_repository_without_secrets_passes(root: Path) -> None:
    (root / "settings.py").write_text('region = "us-west-1"\n')

    assert gate(root) == 0


def test_what_git_ignores_is_not_looked_at(root: Path) -> None:
    (root / "ignored").write_text(SECRETS["an AWS key"])

    assert gate(root) == 0


def test_a_listed_value_passes_in_its_own_files_alone(root: Path) -> None:
    (root / "sample.py").write_text(SECRETS["an AWS key"])
    [finding] = secret_gate.scan(root, ["sample.py"])
    entry = {"sha1": finding.sha1, "files": "sample.py", "reason": "An example."}

    assert gate(root, {"skip": [], "values": [entry]}) == 0
    (root / "settings.py").write_text(SECRETS["an AWS key"])
    assert gate(root, {"skip": [], "values": [entry]}) == 1


def test_another_secret_in_the_same_file_fails(root: Path) -> None:
    (root / "sample.py").write_text(SECRETS["an AWS key"])
    [finding] = secret_gate.scan(root, ["sample.py"])
    (root / "sample.py").write_text(f"{SECRETS['an AWS key']}\n{SECRETS['a password']}\n")

    assert gate(root, {"skip": [], "values": [{"sha1": finding.sha1, "reason": "So."}]}) == 1


@pytest.mark.parametrize("reason", [{}, {"reason": ""}, {"reason": " "}, {"reason": None}])
def test_an_entry_without_a_reason_fails(reason: dict[str, Any], root: Path) -> None:
    assert gate(root, {"skip": [{"files": "*.txt", **reason}], "values": []}) == 1


def test_an_entry_that_excuses_nothing_fails(root: Path) -> None:
    assert gate(root, {"skip": [], "values": [{"sha1": "0" * 40, "reason": "So."}]}) == 1


def test_the_projects_list_skips_no_source() -> None:
    skipped = yaml.safe_load((POLICY / "secrets.yml").read_text())["skip"]

    own = ("policy/secrets.yml", "policy/tests/test_secret_gate.py")
    assert all(entry["files"].endswith(".txt") or entry["files"] in own for entry in skipped)


def test_where_git_knows_no_files_the_reason_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(SystemExit, match="Use a clone, or run `git init` there"):
        secret_gate.tracked(tmp_path)


def test_where_there_is_no_git_the_reason_is_given(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(SystemExit, match="Git lists the files to check"):
        secret_gate.tracked(root)
