"""What is refused before anything happens, and what the SAM CLI is given."""

import shutil
import subprocess
from pathlib import Path

import pytest

from deploy import document, parameters, stack
from deploy_role import __main__ as program
from tests.deploy.fakes import Sam

ROOT = Path(__file__).parents[2]
WORKSPACE = "ari:cloud:bitbucket::workspace/f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
NEEDED = (
    "Provider=api.bitbucket.org/2.0/workspaces/us/pipelines-config/identity/oidc "
    f"Audience={WORKSPACE} RepositoryUuid={{1}} EnvironmentUuid={{2}}"
)


@pytest.fixture
def component(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The component's template."""
    shutil.copytree(ROOT / "parameters", tmp_path / "parameters")
    (tmp_path / "build").mkdir()
    (tmp_path / "build/role.yml").write_text(document.packaged(ROOT / "role.yml"))
    monkeypatch.chdir(tmp_path)
    # No region is asked anything, whatever the machine's own configuration is.
    monkeypatch.setattr("boto3.client", lambda *_: None)
    monkeypatch.setattr(stack, "clear", lambda *_: None)
    return tmp_path


def environ(**more: str) -> dict[str, str]:
    given = {"STACK": "OpenDevOpsDeployRoles", "ENVIRONMENT": "test", "REGION": "us-west-1"}
    return given | {"ROLE_FOR": "OpenDevOpsS3", "ROLE_PARAMETERS": NEEDED} | more


@pytest.fixture
def sam() -> Sam:
    return Sam()


def test_the_sam_cli_gets_every_parameter(component: Path, sam: Sam) -> None:
    assert program.main(environ(), sam) == 0

    words, values = sam.words, sam.values
    declared = parameters.read(component / "build/role.yml")["Parameters"]
    assert words[:3] == ["deploy", "--template-file", "build/role.yml"]
    assert words[words.index("--stack-name") + 1] == "OpenDevOpsDeployRoles-S3"
    assert all(f"{name}:" in values for name in declared)
    assert "OpenDevOpsS3" in values


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"ROLE_FOR": ""}, "ROLE_FOR must name what the repository deploys: OpenDevOpsSageMaker,"),
        ({"ROLE_FOR": "OpenDevOpsS3; id"}, "ROLE_FOR must name"),
        ({"REGION": ""}, "Name the region"),
        ({"ROLE_PARAMETERS": ""}, 'give ROLE_PARAMETERS="Provider='),
        ({"ROLE_PARAMETERS": f"{NEEDED} Bounds=1"}, "ROLE_PARAMETERS names Bounds"),
        ({"ROLE_PARAMETERS": f"{NEEDED} Deploys=OpenDevOpsS3"}, "names Deploys twice"),
        ({"ROLE_PARAMETERS": "Provider='x"}, "ROLE_PARAMETERS cannot be read"),
    ],
)
@pytest.mark.usefixtures("component")
def test_a_mistake_is_reported_before_anything_happens(
    sam: Sam, capsys: pytest.CaptureFixture[str], wrong: dict[str, str], complaint: str
) -> None:
    assert program.main(environ(**wrong), sam) == 2

    assert complaint in capsys.readouterr().err
    assert not sam.words


@pytest.mark.parametrize(
    "value", ["$(shell touch {})", "`touch {}`", "$$(touch {})", "'; touch {}"]
)
def test_nothing_of_what_is_typed_is_run(tmp_path: Path, value: str) -> None:
    # given
    variables = ("ROLE_FOR", "ROLE_PARAMETERS", "REGION", "ENVIRONMENT")
    typed = [f"{name}={value.format(tmp_path / name)}" for name in variables]

    # when
    done = subprocess.run(  # noqa: S603 - the test's own words
        [shutil.which("make") or "make", "-C", str(ROOT), "role", *typed],
        capture_output=True,
        text=True,
        check=False,
    )

    # then
    assert done.returncode == 2
    assert not list(tmp_path.iterdir())
    assert "Traceback" not in done.stderr
