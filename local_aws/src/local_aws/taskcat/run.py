"""Runs taskcat for component after component, each where what it needs is there."""

import json
import shutil
import threading
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from local_aws.cloud import Cloud
from local_aws.deploying import make, shared
from local_aws.deploying.emulated import Emulated
from local_aws.errors import UsageError
from local_aws.project import components, order, parameters
from local_aws.project.places import PLACES
from local_aws.servers import virtualenvs
from local_aws.settings import LOCAL_AWS
from local_aws.taskcat import config, records
from local_aws.taskcat.records import FAILED, NOT_RUN, Record
from local_aws.tools import environ, schedule
from local_aws.tools.commands import CommandError, Runner
from local_aws.tools.progress import show

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from local_aws.project.components import Component
    from local_aws.taskcat.config import Config

REGIONS = tuple(place.region for place in PLACES)
PROGRAM = Path(__file__).with_name("program.py")
LOCK = LOCAL_AWS / "emulators/taskcat.txt"
ENVIRONMENT = "taskcat"
OVERRIDES = ".taskcat_overrides.yml"
# MiniStack speaks HTTP on the loopback interface, which the buckets' policies refuse.
LOCAL = {"TransportSecurity": "Optional"}


def taskcat(cloud: Cloud, console: "Console", chosen: "argparse.Namespace") -> int:
    """Start a cloud, test, show the matrix and the report, and stop the cloud.

    Args:
        cloud: The embedded cloud, which goes on undisturbed: the tests have one of their own.
        console: Where to show it.
        chosen: The command line: `components`, and the user's REGION.

    Returns:
        0 if everything is green, otherwise 1.

    Raises:
        UsageError: If there is no such component or region.
    """
    started = time.monotonic()
    settings = cloud.settings
    regions = chosen.given.get("REGION", "").split() or REGIONS
    for region in regions:
        if region not in REGIONS:
            raise UsageError(f"REGION must be one of {', '.join(REGIONS)}, not {region}.")
    configs = config.discover(components.discover(settings.root))
    graph = needed_for(configs, chosen.components)
    own = replace(settings, state=settings.state / "taskcat", port=0)
    with Cloud(own, cloud.progress) as running:
        run = Run(running, configs, graph, regions, settings.root / "build" / "taskcat")
        report = run.run()
    console.print(records.table(run.records, regions))
    seconds = f"({time.monotonic() - started:.0f} s)"
    for line in [*records.causes(run.records), f"Report: {report} {seconds}"]:
        show(console, line)
    return 0 if all(record.green for record in run.records.values()) else 1


def needed_for(configs: "Mapping[str, Config]", names: "Sequence[str]") -> dict[str, list[str]]:
    """Return the named components and all that they need, or all if none is named.

    Args:
        configs: What taskcat makes of which component.
        names: The components.

    Returns:
        By component, those that it needs, in the order in which they can be tested.

    Raises:
        UsageError: If there is no such component.
        CloudError: If one imports what nobody exports.
    """
    tested = [each.component for each in configs.values()]
    # The templates' defaults name each other's stacks, as the tests' parameters do.
    graph = order.graph(tested, {each.name: each.parameters("") for each in tested})
    wanted, open_ones = set[str](), list(names or configs)
    while open_ones:
        name = open_ones.pop()
        if name not in configs:
            raise UsageError(f"There is no {name}/{config.FILE}; there are {', '.join(configs)}.")
        if name not in wanted:
            wanted.add(name)
            open_ones += graph[name]
    return {name: sorted(graph[name]) for name in order.sequence(graph) if name in wanted}


@dataclass
class Run:
    """A run of taskcat over components.

    Attributes:
        cloud: The embedded cloud, which runs.
        configs: What taskcat makes of which component.
        graph: By component, those that it needs, in the order in which they can be tested.
        regions: Where to test.
        output: Directory of the report.
        records: What has come of them, by component and region.
    """

    cloud: Cloud
    configs: "Mapping[str, Config]"
    graph: "Mapping[str, Sequence[str]]"
    regions: "Sequence[str]"
    output: Path
    records: dict[tuple[str, str], Record] = field(default_factory=dict)
    _runner: Runner = field(default_factory=Runner)
    _memory: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._target = Emulated(self.cloud.settings, self.cloud.progress)

    def run(self) -> Path:
        """Test everything, and write the report.

        Returns:
            The report.

        Raises:
            CloudError: If taskcat cannot be installed, or its report not be written.
        """
        settings = self.cloud.settings
        where, log = settings.environments / ENVIRONMENT, settings.logs / "install-taskcat.log"
        with self.cloud.progress.task("installing taskcat", "taskcat installed"):
            virtualenvs.build(self._runner, settings.uv, where, LOCK, log)
        shutil.rmtree(self.output, ignore_errors=True)
        self.output.mkdir(parents=True)
        schedule.run(self.graph, self._test, self._runner.cancel)
        # In the order of deployment, not the order in which they were done.
        there = [(name, region) for name in self.graph for region in self.regions]
        self.records = {each: self.records[each] for each in there}
        self._report()
        return self.output / "index.html"

    def _test(self, name: str) -> None:
        tested, regions = self.configs[name], []
        for region in self.regions:
            lacking = [each for each in self.graph[name] if not self.records[each, region].green]
            if lacking:
                self._remember(tested, region, NOT_RUN, f"{', '.join(lacking)} is not there")
            elif region not in tested.templates:
                self._remember(tested, region, FAILED, f"{config.FILE} has no test there")
            else:
                regions.append(region)
        if regions:
            self._package_and_test(tested, regions)

    def _package_and_test(self, tested: "Config", regions: "Sequence[str]") -> None:
        name, progress = tested.component.name, self.cloud.progress
        project = self.output / "projects" / name
        project.mkdir(parents=True)
        try:
            with progress.task(f"packaging {name}", f"{name} packaged"):
                self._package(tested, regions, project)
            with progress.task(f"testing {name}", f"{name} tested"):
                self._taskcat(tested, regions, project)
        except CommandError as error:
            for region in regions:
                self._remember(tested, region, FAILED, str(error))

    def _package(self, tested: "Config", regions: "Sequence[str]", project: Path) -> None:
        """Fill the directory that taskcat uploads."""
        component = tested.component
        make.package(self._runner, self.cloud.settings, component.path)
        if overrides := parameters.fitting(component, LOCAL):
            (project / OVERRIDES).write_text(yaml.safe_dump(overrides))
        if not component.artifacts:
            for template in set(tested.templates.values()):
                shutil.copyfile(component.path / "build" / "template.yml", project / template)
            return
        schedule.run(
            dict.fromkeys(regions, ()),
            lambda region: self._upload(component, region, project / tested.templates[region]),
            self._runner.cancel,
        )

    def _upload(self, component: "Component", region: str, template: Path) -> None:
        settings = self.cloud.settings
        command = [
            *(str(shared.sam(settings)), "package"),
            *("--template-file", "build/template.yml", "--region", region),
            *("--s3-bucket", f"open-devops-code-{region}-{settings.account}"),
            *("--s3-prefix", "taskcat", "--output-template-file", str(template)),
        ]
        log = settings.logs / f"taskcat-package-{component.name}-{region}.log"
        given = self._target.variables(None) | {"SAM_CLI_TELEMETRY": "0"}
        self._runner.run(command, component.path, given, log)

    def _taskcat(self, tested: "Config", regions: "Sequence[str]", project: Path) -> None:
        component = tested.component
        results = self.output / f"{component.name}.json"
        words = ["--project", str(project), "--config", str(component.path / config.FILE)]
        words += ["--regions", ",".join(regions)]
        self._program(results, words, self._target.variables(component), project)
        for each in json.loads(results.read_text()):
            self._remember(tested, each["region"], each["status"], *each["events"])

    def _report(self) -> None:
        for record in self.records.values():
            log = self.output / f"{record.stack}-{record.region}-cfnlogs.txt"
            if not log.exists():
                log.write_text("\n".join(record.events))
        results = self.output / "records.json"
        results.write_text(json.dumps([asdict(each) for each in self.records.values()], indent=1))
        self._program(results, [], environ.of_tool(), self.output)

    def _program(
        self, results: Path, words: "Sequence[str]", given: "Mapping[str, str]", directory: Path
    ) -> None:
        settings = self.cloud.settings
        python = virtualenvs.python_of(settings.environments / ENVIRONMENT)
        # -P: the directory of the program is no place to import from.
        command = [str(python), "-P", str(PROGRAM), *words]
        command += ["--output", str(self.output), "--records", str(results)]
        log = settings.logs / f"taskcat-{results.stem}.log"
        # taskcat configures itself by `~`, too.
        self._runner.run(command, directory, {**given, "HOME": str(directory)}, log)

    def _remember(self, tested: "Config", region: str, status: str, *events: str) -> None:
        name = tested.component.name
        stack = tested.stacks.get(region, tested.component.stack)
        with self._memory:
            self.records[name, region] = Record(name, region, status, stack, events)
