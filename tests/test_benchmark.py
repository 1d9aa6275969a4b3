"""The benchmark runs, on as little as it can measure. What it measures is no test's concern."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from local_aws.cloud import Cloud
from local_aws.using import status

from tests.application import Application
from tests.project import PROJECT

PYTHON = PROJECT / "benchmark/.venv/bin/python"


@pytest.fixture(scope="module")
def before(cloud: Cloud) -> tuple[int, set[str]]:
    """Count the rows, and list the pictures, before anything is measured."""
    application = Application(cloud)
    return len(application.rows()), application.pictures()


@pytest.fixture(scope="module")
def results(
    cloud: Cloud, before: tuple[int, set[str]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Measure the application that the tests have deployed, and return the directory."""
    del before  # It is counted first.
    folder = tmp_path_factory.mktemp("benchmark")
    deployed = folder / "status.json"
    deployed.write_text(json.dumps(status.document(cloud.settings)))
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    subprocess.run(
        [PYTHON, "-m", "benchmark", "--smallest", "--deployed", deployed, "--directory", folder],
        env=environment
        | {"PYTHONPATH": str(PROJECT / "benchmark/src"), "IMAGELABELLER_ROUNDS": "1"},
        check=True,
        timeout=300,
    )
    return folder


def test_it_measures_every_part_of_the_deployed_application(results: Path) -> None:
    document = json.loads((results / "results.json").read_text())

    measured = {figure["name"] for figure in document["figures"]}
    assert measured >= {
        "endpoint-throughput",
        "endpoint-latency",
        "pipeline",
        "tutorial",
        "tutorial-large",
        "large",
        "cold-start-submit",
        "cold-start-label",
        "cold-start-look-up",
        "package-submit",
        "api-submit-p95",
        "api-look-up-p50",
    }
    assert min(figure["low"] for figure in document["figures"] if figure["unit"] != "ms") > 0
    assert {path.name for path in results.glob("*.svg")} == {
        "goals.svg",
        "processor.svg",
        "api.svg",
    }


@pytest.mark.usefixtures("results")
def test_it_leaves_the_application_as_it_was(cloud: Cloud, before: tuple[int, set[str]]) -> None:
    application = Application(cloud)
    functions = cloud.session().client("lambda", endpoint_url=cloud.url)
    labeller = application.outputs["OpenDevOpsInvokeLabeller"]["FunctionName"]

    (mapping,) = functions.list_event_source_mappings(FunctionName=labeller)["EventSourceMappings"]
    names = [each["FunctionName"] for each in functions.list_functions()["Functions"]]
    assert mapping["State"] == "Enabled"
    assert not [name for name in names if name.startswith("benchmark-")]
    assert (len(application.rows()), application.pictures()) == before
