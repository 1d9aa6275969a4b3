"""The lines of shell that the pipelines share do what they say."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

HOUSE = Path(__file__).parents[3]
Commit = Callable[[Path, str, dict[str, str]], str]
PATH = "/usr/bin:/bin"
PROBE = 'echo "$AWS_ROLE_ARN $AWS_ROLE_SESSION_NAME $(cat "$AWS_WEB_IDENTITY_TOKEN_FILE")"'


def shared(component: str, position: int) -> str:
    """A line of the script of a component's deployment to Test."""
    steps = yaml.safe_load((HOUSE / component / "bitbucket-pipelines.yml").read_text())
    deployment = steps["pipelines"]["branches"]["main"][1]["step"]
    line: str = deployment["script"][position]
    return line


def shell(
    line: str, where: Path, program: str = "sh", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run lines as a pipeline does."""
    return subprocess.run(
        [program, "-c", line],
        cwd=where,
        env={"PATH": PATH, "TMPDIR": str(where)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def suite(tmp_path: Path, commit: Commit) -> str:
    """A repository of system tests that pass where they are asked to; gives its URL."""
    where = tmp_path / "suite"
    where.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "main", where], check=True)  # noqa: S607 - ours
    makefile = "system-test:\n\t@echo tested $(REGION)\n\t@test '$(VERDICT)' != broken\n"
    commit(where, "Test", {"Makefile": makefile})
    return where.as_uri()


@pytest.mark.parametrize("program", ["sh", "bash"])
def test_a_token_is_exchanged_for_the_deployments_role(tmp_path: Path, program: str) -> None:
    done = shell(
        f"{shared('s3_infra', 0)} && {PROBE}",
        tmp_path,
        program,
        BITBUCKET_STEP_OIDC_TOKEN="a.b.c",
        DEPLOY_ROLE_ARN="arn:aws:iam::123456789012:role/deploy",
        BITBUCKET_REPO_SLUG="s3_infra",
        BITBUCKET_BUILD_NUMBER="7",
    )

    assert done.stdout == "arn:aws:iam::123456789012:role/deploy s3_infra-7 a.b.c\n"


def test_a_token_without_a_role_is_a_failure_that_says_what_to_set(tmp_path: Path) -> None:
    done = shell(
        f"{shared('s3_infra', 0)} && echo deploying",
        tmp_path,
        BITBUCKET_STEP_OIDC_TOKEN="a.b.c",
    )

    assert done.returncode != 0
    assert "DEPLOY_ROLE_ARN" in done.stderr
    assert "make it a variable of this deployment environment" in done.stderr
    assert "deploying" not in done.stdout


def test_without_a_token_the_credentials_stay_as_they_are(tmp_path: Path) -> None:
    done = shell(f'{shared("s3_infra", 0)} && echo "${{AWS_ROLE_ARN:-none}}"', tmp_path)

    assert done.stdout == "none\n"


@pytest.mark.parametrize("switch", [{}, {"SYSTEM_TESTS": "on"}])
def test_the_suite_runs_from_its_repository_in_the_steps_region(
    tmp_path: Path, suite: str, switch: dict[str, str]
) -> None:
    where = {"SYSTEM_TESTS_REPOSITORY": suite, "REGION": "us-west-1"}
    done = shell(shared("submit_image", -1), tmp_path, **where, **switch)

    assert done.returncode == 0, done.stderr
    assert "tested us-west-1" in done.stdout
    assert done.stdout.endswith("System tests: passed in us-west-1.\n")


def test_tests_that_fail_fail_the_step(tmp_path: Path, suite: str) -> None:
    where = {"SYSTEM_TESTS_REPOSITORY": suite, "REGION": "us-west-1", "VERDICT": "broken"}
    done = shell(shared("submit_image", -1), tmp_path, **where)

    assert done.returncode != 0
    assert "passed" not in done.stdout


def test_a_suite_that_cannot_be_cloned_fails_the_step(tmp_path: Path) -> None:
    where = {"SYSTEM_TESTS_REPOSITORY": f"file://{tmp_path}/none", "REGION": "us-west-1"}

    assert shell(shared("submit_image", -1), tmp_path, **where).returncode != 0


@pytest.mark.parametrize("component", ["submit_image", "system_tests"])
def test_the_switch_turns_them_off(tmp_path: Path, component: str) -> None:
    done = shell(shared(component, -1), tmp_path, SYSTEM_TESTS="off", REGION="us-west-1")

    assert done.returncode == 0
    assert done.stdout == "System tests: switched off in us-west-1 (SYSTEM_TESTS=off).\n"


@pytest.mark.parametrize("component", ["submit_image", "system_tests"])
@pytest.mark.parametrize("value", ["Off", "false", "0", "on off"])
def test_another_value_of_the_switch_is_refused(tmp_path: Path, component: str, value: str) -> None:
    done = shell(shared(component, -1), tmp_path, SYSTEM_TESTS=value, REGION="us-west-1")

    assert done.returncode != 0
    assert f"SYSTEM_TESTS is '{value}': set it to on or off." in done.stdout


def test_the_workspaces_own_repository_is_the_default() -> None:
    line = shared("submit_image", -1)

    assert "git@bitbucket.org:$BITBUCKET_WORKSPACE/system_tests.git" in line


def test_the_makefile_has_the_verbs_that_the_pipelines_use() -> None:
    files = sorted(HOUSE.glob("*/bitbucket-pipelines.yml"))
    lines = re.findall(r"^ +- make ([a-z ]+)", "".join(map(Path.read_text, files)), re.MULTILINE)
    verbs = {verb for line in lines for verb in line.split()}
    makefile = (HOUSE / "submit_image" / "Makefile").read_text()

    assert {"check", "test", "package", "promote"} <= verbs
    assert verbs <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
