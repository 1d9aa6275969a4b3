"""The suite itself, as far as it can be run without a cloud."""

import os
import subprocess
import sys
from pathlib import Path

from tests.servers import Reply, serving
from tests.test_system import MISSING

HERE = Path(__file__).parent.parent


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    credentials = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    return subprocess.run(  # our own suite
        [sys.executable, "-m", "pytest", "suite", "-p", "no:cacheprovider"],
        cwd=HERE,
        env={**inherited, **credentials, "AWS_MAX_ATTEMPTS": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_fails_in_a_sentence_where_a_stack_is_missing() -> None:
    with serving(Reply(400, MISSING)) as server:
        ran = run(AWS_REGION="us-west-1", AWS_ENDPOINT_URL=server.url)
    assert ran.returncode != 0
    assert "OpenDevOpsSubmitImage does not exist in us-west-1." in ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1


def test_fails_in_a_sentence_without_a_region() -> None:
    ran = run()
    assert ran.returncode != 0
    assert ran.stderr.startswith("ERROR: No region is named")
    assert "Traceback" not in ran.stdout + ran.stderr
