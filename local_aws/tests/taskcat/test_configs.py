"""Every component's `.taskcat.yml`."""

import json
import subprocess
from pathlib import Path

import pytest

from local_aws import Settings
from local_aws.project import components, templates
from local_aws.project.places import FACTS
from local_aws.servers import virtualenvs
from local_aws.settings import ROOT
from local_aws.taskcat.config import FILE, Config, discover
from local_aws.taskcat.run import ENVIRONMENT, LOCK, REGIONS, needed_for
from local_aws.tools.commands import Runner
from tests.conftest import ENVIRONMENTS

CONFIGS = discover(components.discover(ROOT))
# Reads each file as taskcat does, and prints what it takes them for.
READ = """
import json, sys, yaml
from taskcat._dataclasses import BaseConfig
for path in sys.argv[1:]:
    print(json.dumps(BaseConfig.from_dict(yaml.safe_load(open(path))).to_dict()))
"""


@pytest.fixture(params=CONFIGS)
def config(request: pytest.FixtureRequest) -> Config:
    return CONFIGS[request.param]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Python that has taskcat."""
    log = tmp_path_factory.mktemp("taskcat") / "install.log"
    where = ENVIRONMENTS / ENVIRONMENT
    virtualenvs.build(Runner(), Settings.read({}).uv, where, LOCK, log)
    return str(virtualenvs.python_of(where))


def test_every_component_with_a_stack_of_the_application_has_one() -> None:
    assert set(CONFIGS) == set(FACTS.stacks)


def test_taskcat_accepts_them(python: str) -> None:
    paths = [str(config.component.path / FILE) for config in CONFIGS.values()]
    done = subprocess.run(
        [python, "-W", "ignore", "-c", READ, *paths], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    names = [json.loads(line)["project"]["name"] for line in done.stdout.splitlines()]
    assert names == [name.replace("_", "-") for name in CONFIGS]


def test_taskcat_refuses_a_key_that_it_does_not_know(python: str, tmp_path: Path) -> None:
    """So a misspelt key is not silently left out."""
    path = tmp_path / ".taskcat.yml"
    path.write_text("project: {name: a, regoins: [us-west-1]}\n")

    done = subprocess.run(
        [python, "-W", "ignore", "-c", READ, str(path)], capture_output=True, text=True, check=False
    )

    assert "regoins" in done.stderr


def test_a_stack_is_tested_in_all_five_regions(config: Config) -> None:
    assert tuple(config.templates) == REGIONS


def test_a_test_leaves_the_application_s_stack_alone(config: Config) -> None:
    assert set(config.stacks.values()) == {f"tCaT-{config.component.stack}"}


def test_a_template_with_packages_is_one_a_region(config: Config) -> None:
    if config.component.artifacts:
        assert config.templates == {region: f"{region}.yml" for region in REGIONS}
    else:
        assert set(config.templates.values()) == {"template.yml"}


def test_parameters_are_the_template_s_and_name_the_stacks_of_other_tests(
    config: Config,
) -> None:
    stacks = {stack for each in CONFIGS.values() for stack in each.stacks.values()}
    declared = config.component.template.get("Parameters", {})
    parameters = templates.read(config.component.path / FILE)["project"]["parameters"]

    assert set(parameters) <= set(declared)
    assert {name for name in declared if name.endswith("StackName")} <= set(parameters)
    assert {v for name, v in parameters.items() if name.endswith("StackName")} <= stacks


def test_the_endpoint_has_one_name_and_not_the_application_s() -> None:
    named = {
        name: templates.read(config.component.path / FILE)["project"]["parameters"]["EndpointName"]
        for name, config in CONFIGS.items()
        if "EndpointName" in config.component.template.get("Parameters", {})
    }

    assert len(named) == 3
    assert set(named.values()) == {"tcat-open-devops-image-labeller"}


def test_taskcat_builds_no_packages_in_docker(config: Config) -> None:
    assert templates.read(config.component.path / FILE)["project"]["package_lambda"] is False


def test_all_can_be_tested_in_the_order_of_deployment() -> None:
    order = list(needed_for(CONFIGS, []))

    assert order[-1] == "website"
    assert order.index("s3_infra") < order.index("submit_image")
