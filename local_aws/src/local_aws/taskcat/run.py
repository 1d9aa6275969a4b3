"""Tests components one after the other, each where what it needs is there."""

import json
import shutil
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from local_aws import environments, make, schedule
from local_aws.commands import CommandError, Runner
from local_aws.plans import MINISTACK, MOTO
from local_aws.settings import LOCAL_AWS
from local_aws.taskcat import needs
from local_aws.taskcat.projects import CONFIG, Packager
from local_aws.taskcat.records import FAILED, NOT_RUN, Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local_aws.cloud import Cloud
    from local_aws.settings import Settings
    from local_aws.taskcat.projects import Project

PROGRAM = Path(__file__).with_name("program.py")
LOCK = LOCAL_AWS / "emulators/taskcat.txt"
ENVIRONMENT = "taskcat"


@dataclass
class Run:
    """A run of taskcat over projects.

    Attributes:
        cloud: The embedded cloud, which runs.
        projects: The projects, by component, each after all that it needs.
        regions: Where to test.
        output: Directory of the report.
        records: What has come of them, by component and region.
    """

    cloud: "Cloud"
    projects: "Mapping[str, Project]"
    regions: "Sequence[str]"
    output: Path
    records: dict[tuple[str, str], Record] = field(default_factory=dict)
    _runner: Runner = field(default_factory=Runner)
    _memory: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> Path:
        """Test everything, and write the report.

        Returns:
            The report.

        Raises:
            CloudError: If taskcat cannot be installed, or its report not be written.
        """
        graph = needs.graph(self.projects)
        self._install()
        shutil.rmtree(self.output, ignore_errors=True)
        self.output.mkdir(parents=True)
        schedule.run(graph, lambda name: self._test(name, graph[name]), self._runner.cancel)
        # In the order of deployment, not the order in which they were done.
        there = [(name, region) for name in self.projects for region in self.regions]
        self.records = {each: self.records[each] for each in there}
        self._report()
        return self.output / "index.html"

    def _install(self) -> None:
        settings = self.cloud.settings
        where, log = settings.environments / ENVIRONMENT, settings.logs / "install-taskcat.log"
        with self.cloud.progress.task("installing taskcat", "taskcat installed"):
            environments.build(self._runner, settings.uv, where, LOCK, log)

    def _test(self, name: str, needed: "Sequence[str]") -> None:
        project, regions = self.projects[name], []
        for region in self.regions:
            lacking = [each for each in needed if not self.records[each, region].green]
            if lacking:
                self._remember(project, region, NOT_RUN, f"{', '.join(lacking)} is not there")
            elif region not in project.templates:
                self._remember(project, region, FAILED, f"{CONFIG} has no test there")
            else:
                regions.append(region)
        if regions:
            self._prepare_and_test(project, regions)

    def _prepare_and_test(self, project: "Project", regions: "Sequence[str]") -> None:
        name = project.component.name
        try:
            with self.cloud.progress.task(f"packaging {name}", f"{name} packaged"):
                Packager(self.cloud.settings, self._runner, self.cloud.url).prepare(
                    project, regions
                )
            with self.cloud.progress.task(f"testing {name}", f"{name} tested"):
                self._taskcat(project, regions)
        except CommandError as error:
            for region in regions:
                self._remember(project, region, FAILED, str(error))

    def _taskcat(self, project: "Project", regions: "Sequence[str]") -> None:
        component = project.component
        server = self.cloud.server(MOTO if component.needs_sagemaker else MINISTACK)
        results = self.output / f"{component.name}.json"
        arguments = {
            "--project": str(project.directory),
            "--config": str(project.config),
            "--regions": ",".join(regions),
        }
        self._program(results, arguments, server.url, project.directory)
        for each in json.loads(results.read_text()):
            self._remember(project, each["region"], each["status"], *each["events"])

    def _report(self) -> None:
        for record in self.records.values():
            log = self.output / f"{record.stack}-{record.region}-cfnlogs.txt"
            if not log.exists():
                log.write_text("\n".join(record.events))
        results = self.output / "records.json"
        results.write_text(json.dumps([asdict(each) for each in self.records.values()], indent=1))
        self._program(results, {}, None, self.output)

    def _program(
        self, results: Path, arguments: "Mapping[str, str]", url: str | None, directory: Path
    ) -> None:
        settings = self.cloud.settings
        words = [word for pair in arguments.items() for word in pair]
        python = environments.python_of(settings.environments / ENVIRONMENT)
        # -P: the directory of the program is no place to import from.
        command = [str(python), "-P", str(PROGRAM), *words]
        command += ["--output", str(self.output), "--records", str(results)]
        log = settings.logs / f"taskcat-{results.stem}.log"
        self._runner.run(command, directory, environment(settings, url, directory), log)

    def _remember(self, project: "Project", region: str, status: str, *events: str) -> None:
        name = project.component.name
        stack = project.stacks.get(region, project.component.stack)
        with self._memory:
            self.records[name, region] = Record(name, region, status, stack, events)


def environment(settings: "Settings", url: str | None, home: Path) -> dict[str, str]:
    """Return the environment variables of taskcat, which configures itself by some and by `~`."""
    inherited = make.environment(settings, url)
    withheld = ("TASKCAT_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in inherited.items() if not name.startswith(withheld)}
    return kept | {"HOME": str(home)}
