"""A component's make is sent to the emulator, and kept from AWS."""

import os
import shlex
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import yaml

from local_aws.deploying import make, platforms
from local_aws.deploying.emulated import Emulated
from local_aws.project.components import Component
from local_aws.servers import processes, state
from local_aws.servers.plans import MINISTACK, MOTO
from local_aws.settings import Settings
from local_aws.tools.commands import CommandError, Runner
from local_aws.tools.progress import Progress

MAKEFILE = """\
deploy:
	@env | sort
	@echo "$(ENVIRONMENT) $(REGION) $(PACKAGE_PYTHON)"
package:
	@env | sort
"""


@pytest.fixture
def component(tmp_path: Path) -> Component:
    path = tmp_path / "project" / "echo"
    path.mkdir(parents=True)
    (path / "Makefile").write_text(MAKEFILE)
    (path / "component.mk").write_text("STACK := Echo\n")
    return Component(path, "Echo")


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings.read(
        {"IMAGELABELLER_STATE": str(tmp_path / "state"), "UV": "/opt/uv"}, tmp_path / "project"
    )


def log(settings: Settings, name: str) -> str:
    return (settings.logs / f"{name}.log").read_text()


def emulated(component: Component, here: Settings, values: dict[str, str]) -> Emulated:
    """A target whose MiniStack is this process."""
    process = processes.Process(os.getpid(), psutil.Process().create_time(), tuple(cmdline()))
    server = state.Server(process, 1)
    state.save(here.state, state.State({MINISTACK: server, MOTO: server}))
    declared = {name: {"Type": "String"} for name in values}
    (component.path / "template.yml").write_text(
        yaml.safe_dump({"Parameters": declared, "Resources": {}})
    )
    given = replace(here, parameters=shlex.join(f"{n}={v}" for n, v in values.items()))
    return Emulated(given, Progress.silent())


def cmdline() -> list[str]:
    return psutil.Process().cmdline()


def test_a_deployment_reaches_the_emulator(
    component: Component, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"A": "b c", "Money": "$5 $(shell id)", "Quote": "it's"}

    monkeypatch.setattr(platforms, "of_host", lambda: platforms.Target("3.12", "somewhere"))
    target = emulated(component, here, values)

    make.deploy(Runner(), target, component)

    printed = log(here, "deploy-echo")
    assert f"AWS_ENDPOINT_URL={target.url()}\n" in printed
    assert "AWS_DEFAULT_REGION=us-west-1\n" in printed
    assert f"AWS_CONFIG_FILE={os.devnull}\n" in printed
    assert "SAM_CLI_POLL_DELAY=0.1\n" in printed
    assert "UV=/opt/uv\n" in printed
    assert f"PARAMETERS={shlex.join(f'{n}={v}' for n, v in values.items())}\n" in printed
    assert "test us-west-1 3.12\n" in printed


def test_a_stack_without_protection_says_so(component: Component, here: Settings) -> None:
    sagemaker = {"Resources": {"Model": {"Type": "AWS::SageMaker::Model"}}}
    target = emulated(component, here, {})
    (component.path / "template.yml").write_text(yaml.safe_dump(sagemaker))
    (component.path / "Makefile").write_text('deploy:\n\t@echo "$(EXECUTE) $(PROTECT)"\n')

    make.deploy(Runner(), target, component, execute=False)

    assert log(here, "changes-echo") == "no no\n"


def test_a_package_is_built_without_any_cloud(component: Component, here: Settings) -> None:
    make.package(Runner(), here, component.path)

    assert "AWS_ENDPOINT_URL" not in log(here, "package-echo")


def test_a_component_without_the_verb_fails(component: Component, here: Settings) -> None:
    (component.path / "Makefile").write_text("")

    with pytest.raises(CommandError, match="No rule to make target"):
        make.package(Runner(), here, component.path)


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
        (component.path / "README.md").write_text("printed")

        assert make.digest(component, "test", {"C": "d", "A": "b"}) == before
