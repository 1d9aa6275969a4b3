"""What is refused before anything happens, and what the SAM CLI is given."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from deploy import __main__ as program
from deploy import package, stack
from deploy.errors import DeployError
from tests.deploy.fakes import Sam


@pytest.fixture
def component(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A packaged component."""
    for name in ("build", "parameters"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "build/template.yml").write_text("Parameters: {Days: {Default: 3}}\n")
    for name in ("test", "production"):
        (tmp_path / f"parameters/{name}.yml").write_text("{}\n")
    monkeypatch.chdir(tmp_path)
    package.RECORD.write_text(package.digest(["build/template.yml"]))
    # No region is asked anything, whatever the machine's own configuration is.
    monkeypatch.setattr("boto3.client", lambda *_: None)
    monkeypatch.setattr(stack, "clear", lambda *_: None)
    return tmp_path


@pytest.fixture
def sam() -> Sam:
    return Sam()


def environ(**more: str) -> dict[str, str]:
    given = {"STACK": "Mine", "ENVIRONMENT": "test", "REGION": "us-west-1"}
    return given | {"PACKAGED": "build/template.yml", "BITBUCKET_COMMIT": "abc"} | more


@pytest.mark.usefixtures("component")
def test_the_sam_cli_gets_everything(sam: Sam) -> None:
    assert program.main(environ(), sam) == 0

    words = sam.words
    assert words[:3] == ["deploy", "--template-file", "build/template.yml"]
    assert words[words.index("--on-failure") + 1] == "ROLLBACK"
    assert {"environment=test", "version=abc"} <= set(words)
    assert "--no-execute-changeset" not in words
    assert sam.values == 'Days: \'""3""\'\n'


@pytest.mark.usefixtures("component")
def test_what_is_not_executed_is_not_protected(sam: Sam) -> None:
    more = {"ENVIRONMENT": "production", "EXECUTE": "no"}

    assert program.main(environ(**more), sam) == 0
    assert "--no-execute-changeset" in sam.words


@pytest.mark.usefixtures("component")
def test_a_failure_is_the_programs_failure() -> None:
    assert program.main(environ(), Sam(3)) == 3


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"ENVIRONMENT": "$(id)"}, "ENVIRONMENT must be one of production, test."),
        ({"REGION": ""}, "Name the region"),
        ({"REGION": "us-west-1; id"}, "REGION must be the name of an AWS region"),
        ({"REGION": "mars"}, "such as us-west-1, not 'mars'."),
        ({"EXECUTE": "maybe"}, "EXECUTE must be yes or no"),
        ({"PARAMETERS": "Dais=3"}, "PARAMETERS names Dais"),
        ({"PACKAGED": "build/template.yml build/package.zip"}, "package.zip is missing"),
    ],
)
@pytest.mark.usefixtures("component")
def test_a_mistake_is_reported_before_anything_happens(
    sam: Sam, capsys: pytest.CaptureFixture[str], wrong: dict[str, str], complaint: str
) -> None:
    assert program.main(environ(**wrong), sam) == 2

    assert complaint in capsys.readouterr().err
    assert not sam.words


def test_what_the_component_refuses_is_not_begun(
    component: Path, sam: Sam, capsys: pytest.CaptureFixture[str]
) -> None:
    refusing = (
        "from deploy.errors import DeployError\ndef check(*_):\n    raise DeployError('No.')\n"
    )
    (component / "predeploy.py").write_text(refusing)

    assert program.main(environ(), sam) == 2
    assert capsys.readouterr().err == "No.\n"
    assert not sam.words


@pytest.mark.parametrize(
    ("more", "status", "finished"),
    [({}, 0, True), ({}, 3, False), ({"EXECUTE": "no"}, 0, False)],
)
def test_a_component_finishes_what_was_deployed_and_nothing_else(
    component: Path,
    more: dict[str, str],
    status: int,
    finished: bool,  # noqa: FBT001 # the column of a table
) -> None:
    (component / "postdeploy.py").write_text(
        "from pathlib import Path\ndef publish(*_):\n    Path('finished').touch()\n"
    )

    assert program.main(environ(**more), Sam(status)) == status
    assert (component / "finished").exists() is finished


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            EndpointConnectionError(endpoint_url="https://sts.us-mars-1.amazonaws.com/"),
            "REGION=us-west-1 cannot be reached: Could not connect",
        ),
        (NoCredentialsError(), "AWS could not be asked: Unable to locate credentials"),
        (ClientError({"Error": {"Code": "No", "Message": "Not you"}}, "Any"), "AWS refused this"),
    ],
)
@pytest.mark.usefixtures("component")
def test_what_prevents_it_is_named(
    capsys: pytest.CaptureFixture[str], error: Exception, words: str
) -> None:
    def fails(_: Sequence[str]) -> int:
        raise error

    assert program.main(environ(), fails) == 2

    assert words in capsys.readouterr().err


def test_other_files_than_those_packaged_are_not_deployed(
    component: Path, sam: Sam, capsys: pytest.CaptureFixture[str]
) -> None:
    (component / "build/template.yml").write_text("Parameters: {}\n")
    assert program.main(environ(), sam) == 2
    package.RECORD.unlink()
    assert program.main(environ(), sam) == 2

    error = capsys.readouterr().err
    assert "digest of other files" in error
    assert "digest.txt is missing" in error


def test_a_file_that_is_missing_has_no_digest() -> None:
    with pytest.raises(DeployError, match=r"none.zip is missing"):
        package.digest(["none.zip"])
