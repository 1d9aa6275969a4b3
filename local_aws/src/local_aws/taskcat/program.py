"""Runs the real taskcat against an emulator, and writes its report without the internet.

The Python of taskcat's environment runs this file, and does not have this package: nothing of it is
imported here. What taskcat does differently here, and why:

* Its template URLs are in path style, the only one that MiniStack and moto understand.
* It asks for a stack's status once a second, not once a minute: a stack is made in seconds.
* Its report gets our stylesheet, since it downloads its own and fails where it cannot.
"""

import argparse
import json
import logging
import warnings
from pathlib import Path
from threading import Timer
from types import SimpleNamespace
from typing import Any

# taskcat still asks setuptools for its version.
warnings.filterwarnings("ignore", message="pkg_resources is deprecated")

from taskcat import _generate_reports  # type: ignore[import-not-found] # noqa: E402
from taskcat._cfn import stack as stacks  # type: ignore[import-not-found] # noqa: E402
from taskcat._tui import TerminalPrinter  # type: ignore[import-not-found] # noqa: E402
from taskcat.testing import CFNTest  # type: ignore[import-not-found] # noqa: E402

INTERVAL = 1.0
STYLESHEET = Path(__file__).with_name("report.css")


class Printer(TerminalPrinter):  # type: ignore[misc] # its environment has it
    """Says what taskcat sees, once a second."""

    def report_test_progress(self, stacker: Any, poll_interval: float = INTERVAL) -> None:
        """Wait until no stack is in progress."""
        super().report_test_progress(stacker, poll_interval)


def template_url(bucket: str, key: str, s3: Any, _autobucket: object = None) -> str:
    """Return an object's URL in path style; the parameters are those of taskcat's own function."""
    return f"https://s3.{s3.meta.region_name}.amazonaws.com/{bucket}/{key}"


def run_tests(project: Path, config: Path, regions: str, output: Path) -> list[dict[str, Any]]:
    """Create the stacks of a project's tests, and leave them there with their logs written.

    Args:
        project: Directory that taskcat uploads, with the templates.
        config: The component's `.taskcat.yml`.
        regions: Where to test, with commas between them.
        output: Directory of the logs.

    Returns:
        A record for each stack: its region, status, and why it failed.
    """
    run = CFNTest.from_file(
        project_root=str(project),
        input_file=str(config),
        # It spares the bucket a policy that moto takes for a prohibition of everything.
        enable_sig_v2=True,
    )
    run.printer = Printer(minimalist=True)
    # `make check` lints with the rules of the project.
    run.lint_disable = True
    run.regions = regions
    run.run()
    run.report(str(output))
    return [_record(stack, run.test_definition.tests, output) for stack in run.result]


def _record(stack: Any, tests: Any, output: Path) -> dict[str, Any]:
    name = tests[stack.test_name].stack_name
    if stack.launch_exception:
        # taskcat calls all of them FailedToLaunch, which says neither whose log it is nor keeps it.
        (output / f"{name}-{stack.region_name}-cfnlogs.txt").write_text(stack.status_reason)
        events = [stack.status_reason]
    else:
        failed = [event for event in stack.error_events(refresh=True) if event.status_reason]
        # What the stack itself says only repeats what its resources said.
        causes = [event for event in failed if event.physical_id != stack.id] or failed
        events = [f"{each.logical_id} ({each.type}): {each.status_reason}" for each in causes]
    return {
        "region": stack.region_name,
        "status": stack.status,
        "events": list(dict.fromkeys(reversed(events))),
    }


def report(records: list[dict[str, Any]], output: Path) -> None:
    """Write taskcat's report of all components' stacks.

    Args:
        records: The stacks' records, each with the component's name.
        output: Directory of the report, which has the logs.
    """
    rows = [
        SimpleNamespace(
            id=f"{record['stack']} in {record['region']}",
            test_name=record["component"],
            region_name=record["region"],
            name=record["stack"],
            status=record["status"],
        )
        for record in records
    ]
    builder = _generate_reports.ReportBuilder(SimpleNamespace(stacks=rows), output / "index.html")
    builder.generate_report()


def main() -> None:
    """Test one project, or write the report of all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--project", type=Path, help="test this project")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--regions")
    parser.add_argument("--output", type=Path, required=True, help="directory of the report")
    parser.add_argument("--records", type=Path, required=True, help="what came of the tests")
    given = parser.parse_args()
    if given.project:
        records = run_tests(given.project, given.config, given.regions, given.output)
        given.records.write_text(json.dumps(records, indent=1))
    else:
        report(json.loads(given.records.read_text()), given.output)


stacks.s3_url_maker = template_url
stacks.Timer = lambda _, refresh: Timer(INTERVAL, refresh)
_generate_reports.requests = SimpleNamespace(
    get=lambda *_, **__: SimpleNamespace(text=STYLESHEET.read_text())
)

if __name__ == "__main__":
    logging.getLogger("taskcat").setLevel(logging.INFO)
    main()
