"""The lines of shell that the pipelines share do what they say."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
Commit = Callable[[Path, str, dict[str, str]], str]
PATH = "/usr/bin:/bin"
PROBE = 'echo "$AWS_ROLE_ARN $AWS_ROLE_SESSION_NAME $(cat "$AWS_WEB_IDENTITY_TOKEN_FILE")"'


def shared(component: str, position: int) -> str:
    """A line of the script of a component's deployment to Test."""
    steps = yaml.safe_load((ROOT / component / "bitbucket-pipelines.yml").read_text())
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


def test_the_suite_runs_by_make_in_the_steps_region(tmp_path: Path) -> None:
    """What it does then is `deploy.suite`'s, and has tests in every component."""
    makefile = "system-tests:\n\t@echo tested $(REGION)\n"
    (tmp_path / "Makefile").write_text(makefile)

    done = shell(shared("submit_image", -1), tmp_path, REGION="us-east-2")

    assert done.stdout == "tested us-east-2\n"


def test_tests_that_fail_fail_the_step(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("system-tests:\n\t@false\n")

    assert shell(shared("submit_image", -1), tmp_path, REGION="us-east-2").returncode != 0


def test_the_suites_own_repository_assumes_the_suites_role(tmp_path: Path) -> None:
    done = shell(
        f"{shared('system_tests', 0)} && {PROBE}",
        tmp_path,
        BITBUCKET_STEP_OIDC_TOKEN="a.b.c",
        DEPLOY_ROLE_ARN="arn:deploys",
        SYSTEM_TESTS_ROLE_ARN="arn:tests",
        BITBUCKET_REPO_SLUG="system_tests",
        BITBUCKET_BUILD_NUMBER="7",
    )

    assert done.stdout == "arn:tests system_tests-7 a.b.c\n"


def test_the_switch_turns_them_off(tmp_path: Path) -> None:
    done = shell(shared("system_tests", -1), tmp_path, SYSTEM_TESTS="off", REGION="us-west-1")

    assert done.returncode == 0
    assert done.stdout == "System tests: switched off in us-west-1 (SYSTEM_TESTS=off).\n"


@pytest.mark.parametrize("value", ["Off", "false", "0", "on off"])
def test_another_value_of_the_switch_is_refused(tmp_path: Path, value: str) -> None:
    done = shell(shared("system_tests", -1), tmp_path, SYSTEM_TESTS=value, REGION="us-west-1")

    assert done.returncode != 0
    assert f"SYSTEM_TESTS is '{value}': set it to on or off." in done.stdout


def test_the_makefile_has_the_verbs_that_the_pipelines_use() -> None:
    files = sorted(ROOT.glob("*/bitbucket-pipelines.yml"))
    text = "".join(map(Path.read_text, files))
    lines = re.findall(r"^ +- (?:&system-tests )?make ([a-z -]+)", text, re.MULTILINE)
    verbs = {verb for line in lines for verb in line.split()}
    paths = [ROOT / "submit_image/Makefile", *ROOT.glob("submit_image/**/*.mk")]
    makefiles = [path.read_text() for path in paths]

    assert {"check", "test", "package", "promote", "system-tests"} <= verbs
    assert verbs <= set(re.findall(r"^([a-z-]+):", "\n".join(makefiles), re.MULTILINE))
