"""A component's make is sent to the emulator, and kept from AWS."""

import os
from pathlib import Path

import pytest

from local_aws import make
from local_aws.commands import CommandError, Runner
from local_aws.components import Component
from local_aws.make import Make
from local_aws.settings import Settings

MAKEFILE = """\
deploy:
	@env | sort; printf '<%s>' $(PARAMETERS); echo
	@echo "$(ENVIRONMENT) $(REGION) $(PACKAGE_PYTHON)"
package:
	@env | sort
"""


@pytest.fixture
def component(tmp_path: Path) -> Component:
    path = tmp_path / "house" / "echo"
    path.mkdir(parents=True)
    (path / "Makefile").write_text(MAKEFILE)
    return Component(path, "Echo")


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings.read(
        {"LOCAL_AWS_STATE": str(tmp_path / "state"), "UV": "/opt/uv"}, tmp_path / "house"
    )


def log(settings: Settings, name: str) -> str:
    return (settings.logs / f"{name}.log").read_text()


def test_a_deployment_reaches_the_emulator(component: Component, here: Settings) -> None:
    values = {"A": "b c", "Money": "$5 $(shell id)", "Quote": "it's"}

    Make(Runner(), here, ["PACKAGE_PYTHON=3.12"]).deploy(component, "http://127.0.0.1:1", values)

    told = log(here, "deploy-echo")
    assert "AWS_ENDPOINT_URL=http://127.0.0.1:1\n" in told
    assert "AWS_DEFAULT_REGION=us-west-1\n" in told
    assert f"AWS_CONFIG_FILE={os.devnull}\n" in told
    assert "SAM_CLI_POLL_DELAY=0.3\n" in told
    assert "UV=/opt/uv\n" in told
    assert "<A=b c><Money=$5 $(shell id)><Quote=it's>" in told
    assert "test us-west-1 3.12\n" in told


def test_the_user_s_own_configuration_stays_outside(here: Settings) -> None:
    os.environ["AWS_PROFILE"] = "production"
    os.environ["PARAMETERS"] = "Else=x"
    try:
        environment = make.environment(here, None)
    finally:
        del os.environ["AWS_PROFILE"], os.environ["PARAMETERS"]

    assert "AWS_PROFILE" not in environment
    assert "PARAMETERS" not in environment
    assert "AWS_ACCESS_KEY_ID" not in environment
    assert environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull


def test_a_package_is_built_without_any_cloud(component: Component, here: Settings) -> None:
    Make(Runner(), here).package(component.path)

    assert "AWS_ENDPOINT_URL" not in log(here, "package-echo")


def test_a_component_without_the_verb_fails(component: Component, here: Settings) -> None:
    (component.path / "Makefile").write_text("")

    with pytest.raises(CommandError, match="No rule to make target"):
        Make(Runner(), here).package(component.path)


class TestDigest:
    def test_it_changes_with_all_that_is_deployed(self, component: Component) -> None:
        (component.path / "build/package").mkdir(parents=True)
        (component.path / "parameters").mkdir()
        digests = [make.digest(component, "test", {})]

        def note(values: dict[str, str]) -> None:
            digests.append(make.digest(component, "test", values))

        (component.path / "build/template.yml").write_text("a")
        note({})
        (component.path / "build/template.yml").write_text("b")
        note({})
        (component.path / "parameters/test.yml").write_text("{}")
        note({})
        note({"A": "b"})

        assert len(set(digests)) == len(digests)

    def test_and_with_nothing_else(self, component: Component) -> None:
        (component.path / "build/package").mkdir(parents=True)
        before = make.digest(component, "test", {"A": "b", "C": "d"})
        (component.path / "build/package/code.py").write_text("unpacked")
        (component.path / "README.md").write_text("told")

        assert make.digest(component, "test", {"C": "d", "A": "b"}) == before
