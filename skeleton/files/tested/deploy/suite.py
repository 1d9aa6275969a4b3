"""The system tests of one revision, after a deployment: `python -m deploy.suite`.

They are another repository's code. So they get a role of their own, which may test and no more, and
run at the commit that this repository names.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from deploy import session
from deploy.errors import DeployError

PIN = Path("SYSTEM_TESTS_REVISION")
COMMIT = re.compile(r"[0-9a-f]{40}")
WRONG = 2


def main(environ: Mapping[str, str]) -> int:
    """Run the system tests, unless they are switched off.

    Args:
        environ: Environment variables: SYSTEM_TESTS, SYSTEM_TESTS_REPOSITORY and
            SYSTEM_TESTS_ROLE_ARN, REGION, and Bitbucket's.

    Returns:
        The exit status: that of the tests, or 2 where they could not run.
    """
    region = environ.get("REGION", "")
    match environ.get("SYSTEM_TESTS") or "on":
        case "on":
            pass
        case "off":
            _say(f"System tests: switched off in {region} (SYSTEM_TESTS=off).")
            return 0
        case other:
            _say(f"SYSTEM_TESTS is '{other}': set it to on or off.")
            return WRONG
    try:
        with tempfile.TemporaryDirectory() as directory:
            where = Path(directory)
            fetch(environ, revision(), where)
            own = session.withdrawn(environ, session.of_tests(environ, region))
            status = _run(["make", "-C", str(where), "system-test", f"REGION={region}"], own)
    except DeployError as error:
        _say(str(error))
        return WRONG
    if status == 0:
        _say(f"System tests: passed in {region}.")
    return status


def revision() -> str:
    """Return the commit of the suite that this repository names.

    Raises:
        DeployError: If it names none.
    """
    if not PIN.exists():
        raise DeployError(
            f"{PIN} is missing: make repos writes it into this component's repository. It names "
            "the commit of system_tests that is run."
        )
    named = PIN.read_text(encoding="utf-8").strip()
    if not COMMIT.fullmatch(named):
        raise DeployError(
            f"{PIN} must name a commit by its 40 hexadecimal digits: branches and tags move."
        )
    return named


def fetch(environ: Mapping[str, str], commit: str, where: Path) -> None:
    """Clone the suite and check its commit out.

    Raises:
        DeployError: If there is no such repository, or no such commit in it.
    """
    workspace = environ.get("BITBUCKET_WORKSPACE", "")
    default = f"git@bitbucket.org:{workspace}/system_tests.git"
    repository = environ.get("SYSTEM_TESTS_REPOSITORY") or default
    git = ["git", "-C", str(where)]
    if _run([*git, "clone", "--quiet", "--no-checkout", "--", repository, "."], environ):
        raise DeployError(
            f"The system tests cannot be cloned from {repository}: see git's message above. The "
            "repository needs this one's SSH key as an access key."
        )
    if _run([*git, "checkout", "--quiet", "--detach", commit, "--"], environ):
        raise DeployError(
            f"{repository} has no commit {commit}, which {PIN} names. Push system_tests before "
            "this repository; if its history was rewritten, split the tree and push again."
        )


def _run(command: list[str], environ: Mapping[str, str]) -> int:
    done = subprocess.run(command, env=dict(environ), check=False)  # noqa: S603 # nosec B603 # no shell, and checked words
    return done.returncode


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the program's output


if __name__ == "__main__":
    sys.exit(main(os.environ))
