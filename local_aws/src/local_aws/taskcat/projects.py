"""What taskcat uploads of a component: its templates, packaged for the regions that need it."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from local_aws import make, parameters, schedule, templates
from local_aws.delivery.places import COMPONENTS, PLACES
from local_aws.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local_aws.commands import Runner
    from local_aws.components import Component
    from local_aws.settings import Settings

CONFIG = ".taskcat.yml"
OVERRIDES = ".taskcat_overrides.yml"
REGIONS = tuple(place.region for place in PLACES)
# MiniStack speaks HTTP on the loopback interface, which the buckets' policies refuse.
LOCAL = {"TransportSecurity": "Optional"}


@dataclass(frozen=True)
class Project:
    """A component as taskcat sees it.

    Attributes:
        component: The component.
        directory: What taskcat uploads.
    """

    component: "Component"
    directory: Path

    @property
    def config(self) -> Path:
        """The component's `.taskcat.yml`."""
        return self.component.path / CONFIG

    @property
    def templates(self) -> dict[str, str]:
        """The template of each region, relative to the project's directory."""
        return {region: test["template"] for region, test in self._tests().items()}

    @property
    def stacks(self) -> dict[str, str]:
        """The name of each region's stack."""
        return {region: test["stack_name"] for region, test in self._tests().items()}

    def _tests(self) -> dict[str, dict[str, Any]]:
        """Return the test of each region, with what the project says of all.

        Raises:
            CloudError: If the file cannot be read, or does not say what is tested where.
        """
        document = templates.read(self.config)
        project, tests = document.get("project") or {}, document.get("tests") or {}
        if not isinstance(project, dict) or not isinstance(tests, dict):
            raise CloudError(f"{self.config}: project and tests have to be maps.")
        found: dict[str, dict[str, Any]] = {}
        for name, test in tests.items():
            whole = project | (test if isinstance(test, dict) else {})
            for key in ("regions", "template", "stack_name"):
                if not whole.get(key):
                    raise CloudError(f"{self.config}: the test {name} has no {key}.")
            found |= dict.fromkeys(whole["regions"], whole)
        return found


def discover(components: "Mapping[str, Component]", directory: Path) -> dict[str, Project]:
    """Return the components that have a `.taskcat.yml`, in the order of deployment.

    Args:
        components: All components of the house.
        directory: Where the projects' directories are made.
    """
    known = {name: number for number, name in enumerate(COMPONENTS)}
    return {
        name: Project(components[name], directory / name)
        for name in sorted(components, key=lambda name: known.get(name, len(known)))
        if (components[name].path / CONFIG).exists()
    }


class Packager:
    """Prepares projects.

    Args:
        settings: The cloud's settings.
        runner: Runs make and the SAM CLI.
        url: Where the cloud answers that gets the packages.
    """

    def __init__(self, settings: "Settings", runner: "Runner", url: str) -> None:
        self._settings = settings
        self._runner = runner
        self._url = url

    def prepare(self, project: Project, regions: "Sequence[str]") -> None:
        """Fill a project's directory.

        Args:
            project: The project.
            regions: Where it is tested; there the bucket for packages exists, if it has packages.

        Raises:
            CommandError: If it cannot be packaged.
        """
        make.Make(self._runner, self._settings).package(project.component.path)
        shutil.rmtree(project.directory, ignore_errors=True)
        project.directory.mkdir(parents=True)
        if overrides := parameters.fitting(project.component, LOCAL):
            (project.directory / OVERRIDES).write_text(yaml.safe_dump(overrides))
        if project.component.artifacts:
            work = dict.fromkeys(regions, ())
            schedule.run(work, lambda region: self._upload(project, region), self._runner.cancel)
        else:
            for template in set(project.templates.values()):
                source = project.component.path / "build" / "template.yml"
                shutil.copyfile(source, project.directory / template)

    def _upload(self, project: Project, region: str) -> None:
        component = project.component
        command = [
            *(str(component.path / ".venv/bin/sam"), "package"),
            *("--template-file", "build/template.yml", "--region", region),
            *("--s3-bucket", f"open-devops-code-{region}-{self._settings.account}"),
            *("--s3-prefix", "taskcat"),
            *("--output-template-file", str(project.directory / project.templates[region])),
        ]
        environment = make.environment(self._settings, self._url) | {"SAM_CLI_TELEMETRY": "0"}
        log = self._settings.logs / f"taskcat-package-{component.name}-{region}.log"
        self._runner.run(command, component.path, environment, log)
