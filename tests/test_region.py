"""A region more is one line of `facts.yml` and `make skeleton`: the pipelines then deploy there."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from local_aws.cloud import Cloud
from local_aws.deploying import shared
from local_aws.project.facts import Facts

from tests.project import PROJECT, tracked

REGION = "eu-central-1"
# The two that hold data, and two with packages of their own in the region's bucket.
DEPLOYED = ("s3_infra", "dynamodb_infra", "submit_image", "get_image_label")

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project to whose Production one region was added."""
    folder = tmp_path_factory.mktemp("region")
    for path in tracked("."):
        if path.is_file():
            there = folder / path.relative_to(PROJECT)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, there)
    # In a repository of its own, the skeleton finds the pages that it renders parts of.
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    facts = folder / "facts.yml"
    last = Facts.read(PROJECT).environments["production"][-1]
    facts.write_text(facts.read_text().replace(f"{last}]", f"{last}, {REGION}]"))
    assert skeleton(folder) != ""
    return folder


def skeleton(folder: Path, *words: str) -> str:
    """Run the copy's own skeleton, as `make skeleton` and `make check` do, and return its lines."""
    path = f"{folder}/skeleton/src:{folder}/local_aws/src"
    return subprocess.run(
        [PROJECT / "skeleton/.venv/bin/python", "-m", "skeleton", *words],
        env={"PYTHONPATH": path, "PATH": os.environ["PATH"]},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def pipeline(folder: Path, component: str) -> dict[str, Any]:
    """A component's pipelines."""
    text = (folder / component / "bitbucket-pipelines.yml").read_text()
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def test_every_file_that_names_regions_names_it(copy: Path) -> None:
    last = Facts.read(PROJECT).environments["production"][-1]
    where_it_was = {
        str(path.relative_to(PROJECT))
        for path in tracked(".")
        if path.suffix in {".yml", ".yaml", ".md"} and last in path.read_text()
        # The limits that AWS publishes, with the regions that it publishes them for.
        if path.relative_to(PROJECT) != Path("capacity/src/capacity/constants.yml")
    }
    where_it_is = {name for name in where_it_was if REGION in (copy / name).read_text()}

    assert where_it_was == where_it_is
    assert skeleton(copy, "--check") == ""


@pytest.mark.parametrize("component", Facts.read(PROJECT).repositories)
def test_every_pipeline_deploys_there_with_the_rest_of_production(
    copy: Path, component: str
) -> None:
    *_, group = pipeline(copy, component)["pipelines"]["branches"]["main"]

    regions = [step["step"]["deployment"] for step in group["parallel"]]
    assert regions == [f"Production {name}" for name in Facts.read(copy).environments["production"]]
    assert f"Production {REGION}" in regions


def test_the_steps_of_the_pipelines_deploy_there(copy: Path, cloud: Cloud) -> None:
    # Where packages come from may be a setting of the environment.
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "MAKE"))}
    environment = inherited | {"UV": cloud.settings.uv, "SAM_CLI_POLL_DELAY": "0.3"}
    environment |= cloud.environment()
    # The tools are the cloud's, whose bytecode is there: four of them would compile the SAM CLI.
    environment["MAKEFLAGS"] = f"-- {' '.join(shared.to_package(cloud.settings))}"
    for component in DEPLOYED:
        folder = copy / component
        *_, group = pipeline(copy, component)["pipelines"]["branches"]["main"]
        [step] = [each["step"] for each in group["parallel"] if REGION in each["step"]["name"]]
        lines = ["make package", *(line for line in step["script"] if "system-tests" not in line)]
        done = subprocess.run(
            ["bash", "-euc", "\n".join(lines)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    cloudformation = cloud.session().client("cloudformation", REGION, endpoint_url=cloud.url)
    stacks = {each["StackName"]: each for each in cloudformation.describe_stacks()["Stacks"]}
    assert set(stacks) == {Facts.read(copy).stacks[component] for component in DEPLOYED}
    assert {each["StackStatus"] for each in stacks.values()} == {"CREATE_COMPLETE"}
    [table] = [each for name, each in stacks.items() if name.endswith("DynamoDB")]
    protection = {"ParameterKey": "DeletionProtection", "ParameterValue": "true"}
    assert protection in table["Parameters"]
