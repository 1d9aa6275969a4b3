import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from deploy import suite

MAKEFILE = "system-test:\n\t@env | sort; echo tested $(REGION); test '$(VERDICT)' != broken\n"
GIVEN = {"AccessKeyId": "tester", "SecretAccessKey": "s", "SessionToken": "t"}
TOKEN = {"BITBUCKET_STEP_OIDC_TOKEN": "a.b.c"}
DEPLOYING = TOKEN | {
    "AWS_ACCESS_KEY_ID": "deployer",
    "AWS_PROFILE": "deployer",
    "AWS_ROLE_ARN": "arn:deploys",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://deployer",
    "DEPLOY_ROLE_ARN": "arn:deploys",
    "PARAMETERS": "Pager=deployer",
    "SYSTEM_TESTS_ROLE_ARN": "arn:tests",
}


def git(where: Path, *words: str) -> str:
    """Run git, whoever's machine it is."""
    program = shutil.which("git") or "git"
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    done = subprocess.run(  # noqa: S603 - the test's own words
        [program, "-C", str(where), *identity, *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A component that names the suite's first commit; the suite has gone on since."""
    where = tmp_path / "suite"
    where.mkdir()
    git(where, "init", "--quiet", "--initial-branch", "main")
    (where / "Makefile").write_text(MAKEFILE)
    git(where, "add", ".")
    git(where, "commit", "--quiet", "--message", "Test")
    (tmp_path / "component").mkdir()
    monkeypatch.chdir(tmp_path / "component")
    suite.PIN.write_text(git(where, "rev-parse", "HEAD") + "\n")
    (where / "Makefile").write_text("system-test:\n\t@echo the newest; false\n")
    git(where, "commit", "--quiet", "--all", "--message", "Break")
    return where


@pytest.fixture
def sts(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, str]]:
    """What STS is asked; it grants it."""
    asked: list[Mapping[str, str]] = []

    class Sts:
        def assume_role_with_web_identity(self, **words: str) -> Any:
            asked.append(words)
            return {"Credentials": GIVEN}

    monkeypatch.setattr("boto3.client", lambda *_: Sts())
    return asked


def environ(repository: Path, **more: str) -> dict[str, str]:
    given = {"PATH": os.environ["PATH"], "HOME": str(repository.parent), "REGION": "us-west-1"}
    return given | {"SYSTEM_TESTS_REPOSITORY": repository.as_uri()} | more


def test_the_named_commit_runs_and_not_the_newest(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert suite.main(environ(repository)) == 0

    printed = capfd.readouterr().out
    assert "tested us-west-1" in printed
    assert "the newest" not in printed
    assert printed.endswith("System tests: passed in us-west-1.\n")


def test_the_suite_gets_its_own_role_and_nothing_that_deploys(
    repository: Path, sts: list[Mapping[str, str]], capfd: pytest.CaptureFixture[str]
) -> None:
    token = repository.parent / "token"
    token.write_text("a.b.c")
    cache = repository.parent / ".aws/cli/cache"
    cache.mkdir(parents=True)
    given = environ(repository, **DEPLOYING, AWS_WEB_IDENTITY_TOKEN_FILE=str(token))

    assert suite.main(given) == 0

    printed = capfd.readouterr().out
    assert [each["RoleArn"] for each in sts] == ["arn:tests"]
    assert "AWS_ACCESS_KEY_ID=tester" in printed
    assert not [word for word in ("deploy", "a.b.c", "TOKEN_FILE", "arn:tests") if word in printed]
    assert not token.exists()
    assert not cache.exists()


def test_without_a_token_the_credentials_stay_as_they_are(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert suite.main(environ(repository, AWS_ACCESS_KEY_ID="mine")) == 0
    assert "AWS_ACCESS_KEY_ID=mine" in capfd.readouterr().out


def test_tests_that_fail_fail_the_step(repository: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert suite.main(environ(repository, VERDICT="broken")) != 0
    assert "passed" not in capfd.readouterr().out


@pytest.mark.parametrize(
    ("pin", "complaint"),
    [
        (None, "SYSTEM_TESTS_REVISION is missing: make repos writes it"),
        ("main\n", "must name a commit by its 40 hexadecimal digits"),
        ("v1.0\n", "must name a commit by its 40 hexadecimal digits"),
        ("", "must name a commit by its 40 hexadecimal digits"),
        ("--upload-pack=x\n", "must name a commit by its 40 hexadecimal digits"),
        ("0" * 40, "has no commit 0000"),
    ],
)
def test_a_revision_that_is_none_is_refused(
    repository: Path, capfd: pytest.CaptureFixture[str], pin: str | None, complaint: str
) -> None:
    suite.PIN.unlink()
    if pin is not None:
        suite.PIN.write_text(pin)

    assert suite.main(environ(repository)) == 2
    assert complaint in capfd.readouterr().out


def test_a_suite_that_cannot_be_cloned_is_reported(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    given = environ(repository, SYSTEM_TESTS_REPOSITORY=f"file://{repository}/none")

    assert suite.main(given) == 2
    assert "cannot be cloned from" in capfd.readouterr().out


def test_a_token_without_the_tests_role_is_reported(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert suite.main(environ(repository, **TOKEN)) == 2
    assert "SYSTEM_TESTS_ROLE_ARN is not set" in capfd.readouterr().out


def test_a_role_that_is_refused_is_reported(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: str) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "x")

    monkeypatch.setattr("boto3.client", refuse)
    given = environ(repository, **TOKEN, SYSTEM_TESTS_ROLE_ARN="arn")

    assert suite.main(given) == 2
    assert "cannot be assumed" in capfd.readouterr().out


def test_the_switch_turns_them_off(capfd: pytest.CaptureFixture[str]) -> None:
    assert suite.main({"SYSTEM_TESTS": "off", "REGION": "us-west-1"}) == 0
    printed = capfd.readouterr().out
    assert printed == "System tests: switched off in us-west-1 (SYSTEM_TESTS=off).\n"


@pytest.mark.parametrize("value", ["Off", "false", "0", "on off"])
def test_another_value_of_the_switch_is_refused(
    capfd: pytest.CaptureFixture[str], value: str
) -> None:
    assert suite.main({"SYSTEM_TESTS": value}) == 2
    assert f"SYSTEM_TESTS is '{value}': set it to on or off." in capfd.readouterr().out
