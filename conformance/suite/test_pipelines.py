"""Every pipelines file, against the official schema and Bitbucket's documented rules."""

import subprocess
import sys
from collections import Counter

import pytest

from conformance.bitbucket import RULES, Rule
from conformance.deployments import PROJECT
from conformance.pipeline_file import PipelineFile

FILES = sorted(PROJECT.glob("*/bitbucket-pipelines.yml"))


def test_every_file_is_valid_by_the_official_schema(checks: Counter[tuple[str, str]]) -> None:
    command = [sys.executable, "-m", "check_jsonschema"]
    checked = subprocess.run(
        [*command, "--builtin-schema", "vendor.bitbucket-pipelines", *FILES],
        capture_output=True,
        text=True,
        check=False,
    )

    checks["Bitbucket's JSON schema", "pipelines files"] += len(FILES)
    assert FILES
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_no_file_is_against_a_rule(rule: Rule, checks: Counter[tuple[str, str]]) -> None:
    for path in FILES:
        file = PipelineFile.read(path)
        checks["Bitbucket's documentation", "rules on pipelines"] += len(file.pipelines())

        assert not list(rule(file)), path
