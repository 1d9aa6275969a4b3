"""What taskcat uploads of a component."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from local_aws import Settings
from local_aws.commands import Runner
from local_aws.components import Component
from local_aws.errors import CloudError
from local_aws.taskcat.projects import OVERRIDES, REGIONS, Packager, Project

CLOUD = "http://127.0.0.1:1"


class Recorder(Runner):
    """Notes what it is asked to run."""

    def __init__(self) -> None:
        super().__init__()
        self.commands: list[tuple[list[str], dict[str, str]]] = []

    def run(
        self,
        command: Sequence[str],
        directory: Path,
        environment: Mapping[str, str],
        log: Path,
    ) -> None:
        assert directory.is_dir()
        assert log.suffix == ".log"
        self.commands.append((list(command), dict(environment)))


def make_packages_nothing(project: Project) -> None:
    build = project.component.path / "build"
    build.mkdir()
    (build / "template.yml").write_text((project.component.path / "template.yml").read_text())


def test_only_what_has_a_taskcat_file_is_a_project(projects: dict[str, Project]) -> None:
    assert sorted(projects) == ["reader", "refused", "store"]


def test_a_test_says_more_than_its_project(projects: dict[str, Project]) -> None:
    project = projects["store"]
    tests = {
        "here": {"regions": ["us-west-1"], "template": "here.yml", "stack_name": "Here"},
        "there": {"stack_name": "There"},
    }
    whole = {"name": "store", "regions": ["us-east-1"], "template": "template.yml"}
    project.config.write_text(yaml.safe_dump({"project": whole, "tests": tests}))

    assert project.templates == {"us-west-1": "here.yml", "us-east-1": "template.yml"}
    assert project.stacks == {"us-west-1": "Here", "us-east-1": "There"}


@pytest.mark.parametrize("missing", ["regions", "template"])
def test_a_test_that_does_not_say_what_or_where_is_refused(
    projects: dict[str, Project], missing: str
) -> None:
    project = projects["store"]
    document = yaml.safe_load(project.config.read_text())
    del document["project"][missing]
    project.config.write_text(yaml.safe_dump(document))

    with pytest.raises(CloudError, match=rf"store/.taskcat.yml: the test default has no {missing}"):
        _ = project.templates


@pytest.mark.parametrize("text", ["", "- 1", "project: [", "\x00"])
def test_a_taskcat_file_that_is_none_is_refused(projects: dict[str, Project], text: str) -> None:
    projects["store"].config.write_text(text)

    with pytest.raises(CloudError, match=r"\.taskcat\.yml is not"):
        _ = projects["store"].templates


@pytest.mark.parametrize(
    "text", ["project: []\ntests: 1", "tests: [a]", "project: a", "tests: {a: }", "tests: {a: b}"]
)
def test_a_taskcat_file_of_another_shape_is_refused(
    projects: dict[str, Project], text: str
) -> None:
    projects["store"].config.write_text(text)

    with pytest.raises(CloudError, match=r"project and tests have to be maps|the test a has no"):
        _ = projects["store"].templates


def test_a_template_without_packages_is_uploaded_as_it_is(
    projects: dict[str, Project], settings: Settings
) -> None:
    project, runner = projects["store"], Recorder()
    make_packages_nothing(project)
    (stale := project.directory / "old.yml").parent.mkdir(parents=True)
    stale.touch()

    Packager(settings, runner, CLOUD).prepare(project, REGIONS)

    assert [path.name for path in project.directory.iterdir()] == ["template.yml"]
    assert [command[0] for command, _ in runner.commands] == ["make"]


def test_a_bucket_is_told_that_the_emulator_speaks_http(
    projects: dict[str, Project], settings: Settings
) -> None:
    project = projects["store"]
    template = project.component.path / "template.yml"
    template.write_text("Parameters: {TransportSecurity: {Type: String}}\n" + template.read_text())
    make_packages_nothing(project)

    Packager(settings, Recorder(), CLOUD).prepare(project, REGIONS)

    overrides = yaml.safe_load((project.directory / OVERRIDES).read_text())
    assert overrides == {"TransportSecurity": "Optional"}


def test_a_package_is_uploaded_in_each_region_that_reads_it(
    projects: dict[str, Project], settings: Settings
) -> None:
    """Lambda reads packages only from a bucket of its own region."""
    store = projects["store"]
    component = Component(store.component.path, "Store", ("package.zip",))
    project, runner = Project(component, store.directory), Recorder()

    Packager(settings, runner, CLOUD).prepare(project, ["us-west-1", "us-east-2"])

    packaged = {
        command[command.index("--region") + 1]: command for command, _ in runner.commands[1:]
    }
    assert sorted(packaged) == ["us-east-2", "us-west-1"]
    for region, command in packaged.items():
        bucket = command[command.index("--s3-bucket") + 1]
        assert bucket == f"open-devops-code-{region}-{settings.account}"
    for _, environment in runner.commands[1:]:
        assert environment["AWS_ENDPOINT_URL"] == CLOUD


def test_a_project_is_packaged_anew_each_time(
    projects: dict[str, Project], settings: Settings, tmp_path: Path
) -> None:
    project = projects["store"]
    make_packages_nothing(project)
    packager = Packager(settings, Recorder(), CLOUD)
    packager.prepare(project, REGIONS)
    (tmp_path / "store" / "build" / "template.yml").write_text("Resources: {}\n")

    packager.prepare(project, REGIONS)

    assert (project.directory / "template.yml").read_text() == "Resources: {}\n"
