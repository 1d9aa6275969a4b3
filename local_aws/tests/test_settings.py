"""Settings come from the variables that make passes on."""

from pathlib import Path

import pytest

from local_aws import Settings, UsageError


def test_the_defaults_are_in_the_project(tmp_path: Path) -> None:
    settings = Settings.read({}, tmp_path)

    assert settings.state == tmp_path / ".local"
    assert settings.port is None
    assert settings.model is None
    assert settings.keep is None
    assert settings.logs.is_relative_to(settings.state)
    assert settings.temporary.is_relative_to(settings.state)
    assert settings.kept.is_relative_to(settings.state)


def test_each_can_be_chosen(tmp_path: Path) -> None:
    settings = Settings.read(
        {
            "IMAGELABELLER_STATE": str(tmp_path / "state"),
            "IMAGELABELLER_PORT": "5000",
            "IMAGELABELLER_MODEL": "/models/x.tar.gz",
            "UV": "/opt/uv",
            "IMAGELABELLER_PARAMETERS": "A=b",
            "IMAGELABELLER_KEEP": "yes",
        },
        tmp_path,
    )

    assert settings.state == tmp_path / "state"
    assert settings.environments == tmp_path / "state/environments"
    assert settings.port == 5000
    assert settings.model == Path("/models/x.tar.gz")
    assert settings.uv == "/opt/uv"
    assert settings.parameters == "A=b"
    assert settings.keep


@pytest.mark.parametrize(
    "empty",
    [
        {
            "IMAGELABELLER_PORT": "",
            "IMAGELABELLER_MODEL": "",
            "UV": "",
            "IMAGELABELLER_KEEP": "",
            "IMAGELABELLER_STATE": "",
        },
        {},
    ],
)
def test_what_make_leaves_empty_is_not_chosen(tmp_path: Path, empty: dict[str, str]) -> None:
    assert Settings.read(empty, tmp_path) == Settings.read({}, tmp_path)


@pytest.mark.parametrize("port", ["http", "-1", "65536", "4566.0", "٤٥٦٦", " "])
def test_a_port_is_a_port(tmp_path: Path, port: str) -> None:
    with pytest.raises(UsageError, match="PORT must be a number"):
        Settings.read({"IMAGELABELLER_PORT": port}, tmp_path)


def test_what_is_held_is_kept_or_not(tmp_path: Path) -> None:
    assert Settings.read({"IMAGELABELLER_KEEP": "no"}, tmp_path).keep is False
    with pytest.raises(UsageError, match="KEEP must be yes or no, not 'true'"):
        Settings.read({"IMAGELABELLER_KEEP": "true"}, tmp_path)


def test_what_a_shell_has_anyway_chooses_nothing(tmp_path: Path) -> None:
    shell = {"PORT": "80", "MODEL": "m", "PARAMETERS": "A=b", "KEEP": "yes"}

    assert Settings.read(shell, tmp_path) == Settings.read({}, tmp_path)


def test_the_project_s_own_uv_is_preferred(tmp_path: Path) -> None:
    own = tmp_path / ".uv/bin/uv"
    own.parent.mkdir(parents=True)
    own.touch()

    assert Settings.read({}, tmp_path).uv == str(own)


def test_another_model_can_be_served(tmp_path: Path) -> None:
    assert Settings.read({}, tmp_path).serving(tmp_path / "m").model == tmp_path / "m"
