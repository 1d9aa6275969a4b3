"""A component may finish its own deployment, and one that cannot has not been deployed."""

import sys
from pathlib import Path

import pytest

from deploy import after, package
from deploy.errors import DeployError

FINISHING = """
from pathlib import Path
import helper

def publish(stack, region):
    Path("published").write_text(f"{helper.WORD} {stack} in {region}")
"""
FAILING = """
from deploy.errors import DeployError

def publish(stack, region):
    raise DeployError("The page could not be published.")
"""


@pytest.fixture
def component(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A packaged component whose sources have a module of their own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name in ("build", "parameters", "src"):
        (tmp_path / name).mkdir()
    (tmp_path / "parameters/test.yml").write_text("{}\n")
    (tmp_path / "src/helper.py").write_text("WORD = 'Published'\n")
    (tmp_path / "build/page.zip").write_text("the page")
    package.RECORD.write_text(package.digest(["build/page.zip"]))
    return tmp_path


def environ() -> dict[str, str]:
    given = {"STACK": "Mine", "ENVIRONMENT": "test", "REGION": "us-west-1"}
    return given | {"PACKAGED": "build/page.zip", "BITBUCKET_COMMIT": "abc"}


def test_a_component_finishes_its_deployment_with_its_own_modules(component: Path) -> None:
    (component / "postdeploy.py").write_text(FINISHING)

    assert after.main(environ()) == 0
    assert (component / "published").read_text() == "Published Mine in us-west-1"


@pytest.mark.usefixtures("component")
def test_a_component_that_has_nothing_to_finish_is_finished() -> None:
    assert after.main(environ()) == 0


def test_what_cannot_be_finished_is_reported(
    component: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (component / "postdeploy.py").write_text(FAILING)

    assert after.main(environ()) == 2
    assert capsys.readouterr().err == "The page could not be published.\n"
    with pytest.raises(DeployError):
        after.publish("Mine", "us-west-1")


def test_other_files_than_those_packaged_are_not_published(
    component: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (component / "postdeploy.py").write_text(FINISHING)
    (component / "build/page.zip").write_text("another page")

    assert after.main(environ()) == 2
    assert "digest of other files" in capsys.readouterr().err
    assert not (component / "published").exists()
