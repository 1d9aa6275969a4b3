"""The scanners fail on a fault, with the configuration that the project uses."""

import re
from pathlib import Path

import pytest
import yaml

from tests.paths import POLICY, run, tool

PUBLIC_BUCKET = """\
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: PublicRead
"""
PIPELINE = """\
pipelines:
  default:
    - step:
        script: [echo hello]
        image: python:latest
"""


FAULTS = {
    "B101": "def handler(event):\n    assert event\n",
    "B105": "PASSWORD = 'hunter2'\n",
    "B301": "import pickle\npickle.loads(b'')\n",
    "B307": "eval(input())\n",
    "B501": "import requests\nrequests.get('https://a', verify=False, timeout=1)\n",
    "B506": "import yaml\nyaml.load('a', yaml.Loader)\n",
    "B602": "import subprocess\nsubprocess.run('ls', shell=True)\n",
}


def test_checkov_fails_on_a_public_bucket_and_on_an_image_without_a_version(tmp_path: Path) -> None:
    (tmp_path / "template.yml").write_text(PUBLIC_BUCKET)
    (tmp_path / "bitbucket-pipelines.yml").write_text(PIPELINE)

    done = run(
        POLICY / "build/checkov/bin/checkov",
        *("--config-file", "checkov.yml", "--skip-download", "--file"),
        *(tmp_path / "template.yml", tmp_path / "bitbucket-pipelines.yml"),
    )

    assert done.returncode == 1, done.stdout + done.stderr
    assert "CKV_AWS_20:" in done.stdout
    assert "CKV_BITBUCKETPIPELINES_1:" in done.stdout


def test_bandit_fails_on_each_fault(tmp_path: Path) -> None:
    for fault, source in FAULTS.items():
        (tmp_path / f"{fault}.py").write_text(source)

    done = run(tool("bandit"), "--quiet", "--configfile", "bandit.yml", "--recursive", tmp_path)

    found = dict.fromkeys(re.findall(r"Issue: \[(B\d+):", done.stdout))
    assert done.returncode == 1
    assert set(FAULTS) <= set(found)


@pytest.mark.parametrize(("name", "key"), [("checkov.yml", "skip-check"), ("bandit.yml", "skips")])
def test_every_skipped_check_has_its_reason_above_it(name: str, key: str) -> None:
    text = (POLICY / name).read_text()
    skipped = yaml.safe_load(text)[key]

    reasoned = re.findall(r"^  # .{12,}\n  - (\w+)$", text, re.MULTILINE)

    assert skipped
    assert reasoned == skipped
