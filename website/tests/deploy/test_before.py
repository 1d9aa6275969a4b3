"""A component may refuse its own deployment, before anything happens."""

from pathlib import Path

import pytest

from deploy import before
from deploy.errors import DeployError

REFUSING = """
from deploy.errors import DeployError

def check(stack, region, values):
    raise DeployError(f"{stack} in {region} with {values['Days']}: nothing was done.")
"""


def test_a_component_refuses_its_deployment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("predeploy.py").write_text(REFUSING)

    with pytest.raises(DeployError, match=r"Mine in us-west-1 with 3: nothing was done"):
        before.check("Mine", "us-west-1", {"Days": "3"})


def test_a_component_that_checks_nothing_refuses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    before.check("Mine", "us-west-1", {"Days": "3"})
