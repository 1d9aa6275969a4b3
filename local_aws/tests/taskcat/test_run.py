"""The real taskcat against the real emulator: one stack of the application, and three in small."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from local_aws import Cloud
from local_aws.project.components import Component
from local_aws.settings import ROOT
from local_aws.taskcat import config
from local_aws.taskcat.records import FAILED, GREEN, NOT_RUN, causes
from local_aws.taskcat.run import OVERRIDES, Run, needed_for
from local_aws.tools.commands import CommandError, Runner
from tests.taskcat.conftest import READER, REFUSED, REFUSED_TESTS, STORE, Write, configs_in

REGIONS = ("us-west-1", "us-east-2", "us-west-2")

# taskcat alone takes seconds to start, three times.


@pytest.fixture(scope="module")
def run(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory, write: Write) -> Run:
    """A run in which a stack is refused in one region."""
    project = tmp_path_factory.mktemp("project")
    unneeded = shutil.ignore_patterns(".*cache", ".venv", "build", "tests")
    shutil.copytree(ROOT / "dynamodb_infra", project / "dynamodb_infra", ignore=unneeded)
    write(project, "refused", REFUSED, tests=REFUSED_TESTS)
    write(project, "reader", READER, "{RefusedStackName: tCaT-Refused}")
    broken = write(project, "broken", STORE)
    (broken / "Makefile").write_text("package:\n\t@echo 'Error: no space left' && exit 1\n")
    misspelt = write(project, "misspelt", STORE)
    path = misspelt / config.FILE
    path.write_text(path.read_text().replace("package_lambda", "pakage_lambda"))
    configs = configs_in(project)
    whole = Run(cloud, configs, needed_for(configs, []), REGIONS, project / "report")
    whole.run()
    return whole


def statuses(run: Run, component: str) -> list[str]:
    return [run.records[component, region].status for region in REGIONS]


def test_a_stack_of_the_application_is_made_in_each_region(run: Run) -> None:
    assert statuses(run, "dynamodb_infra") == [GREEN, GREEN, GREEN]


def test_a_stack_stays_for_those_that_need_it(run: Run) -> None:
    for region in REGIONS[1:]:
        client = run.cloud.session().client("cloudformation", region, endpoint_url=run.cloud.url)
        found = client.describe_stacks(StackName="tCaT-OpenDevOpsDynamoDB")["Stacks"][0]
        assert found["StackStatus"] == GREEN


def test_a_failure_is_reported_by_its_event(run: Run) -> None:
    record = run.records["refused", "us-west-1"]

    assert record.status == "CREATE_FAILED"
    assert record.events[0].startswith("Setting (AWS::SSM::Parameter): ")
    assert "Nothing" in record.events[0]
    assert len(record.events) == 1
    assert f"refused in us-west-1: {record.events[0]}" in causes(run.records)


def test_a_failure_in_one_region_is_none_in_another(run: Run) -> None:
    assert run.records["refused", "us-east-2"].green


def test_what_needs_a_failed_stack_is_not_tested_there(run: Run) -> None:
    assert statuses(run, "reader")[:2] == [NOT_RUN, GREEN]
    assert run.records["reader", "us-west-1"].events == ("refused is not there",)


def test_a_region_without_a_test_is_no_success(run: Run) -> None:
    assert statuses(run, "refused")[2] == FAILED
    assert run.records["refused", REGIONS[2]].events == (".taskcat.yml has no test there",)


def test_what_cannot_be_packaged_is_a_failure_where_it_would_be_tested(run: Run) -> None:
    assert statuses(run, "broken") == [FAILED, FAILED, FAILED]
    assert run.records["broken", "us-west-1"].events == ("Error: no space left",)


def test_what_taskcat_refuses_to_read_is_a_failure_with_its_words(run: Run) -> None:
    record = run.records["misspelt", "us-east-2"]

    assert record.status == FAILED
    assert "pakage_lambda" in record.events[0]


def test_the_report_shows_every_stack_and_leads_to_its_log(run: Run) -> None:
    page = (run.output / "index.html").read_text()

    for record in run.records.values():
        log = f"{record.stack}-{record.region}-cfnlogs.txt"
        assert f'href="{log}"' in page
        reasons = [event.partition("): ")[2] or event for event in record.events]
        assert all(reason in (run.output / log).read_text() for reason in reasons)
    assert page.count("class=test-green") == sum(each.green for each in run.records.values())
    assert page.count("class=test-red") == sum(not each.green for each in run.records.values())


def test_the_report_needs_nothing_from_the_internet(run: Run) -> None:
    page = (run.output / "index.html").read_text()

    assert ".test-red {" in page
    assert "<link" not in page
    assert "src=" not in page
    assert "&" not in page[page.index("<style") : page.index("</style")]


class Recorder(Runner):
    """Notes what it is asked to run, and fails where a package would be tested."""

    def __init__(self) -> None:
        super().__init__()
        self.commands: list[tuple[list[str], dict[str, str]]] = []

    def run(
        self,
        command: Sequence[str],
        directory: Path,  # noqa: ARG002 # the runner's
        environment: Mapping[str, str],
        log: Path,  # noqa: ARG002 # the runner's
    ) -> None:
        self.commands.append((list(command), dict(environment)))
        if "--regions" in command:
            raise CommandError("nothing is tested here")


def recorded(cloud: Cloud, project: Path, store: Component) -> Recorder:
    recorder = Recorder()
    stacks = dict.fromkeys(REGIONS, "tCaT-Store")
    files = {region: f"{region}.yml" for region in REGIONS}
    configs = {"store": config.Config(store, files, stacks)}
    run = Run(cloud, configs, {"store": []}, REGIONS, project / "report", _runner=recorder)
    run.run()
    return recorder


def test_a_package_is_uploaded_in_each_region_that_reads_it(cloud: Cloud, project: Path) -> None:
    """Lambda reads packages only from a bucket of its own region."""
    recorder = recorded(cloud, project, Component(project / "store", "Store", ("package.zip",)))

    uploads = [each for each in recorder.commands if "--s3-bucket" in each[0]]
    assert len(uploads) == len(REGIONS)
    for region in REGIONS:
        [(command, given)] = [each for each in uploads if region in each[0]]
        bucket = command[command.index("--s3-bucket") + 1]
        assert bucket == f"open-devops-code-{region}-{cloud.settings.account}"
        assert given["AWS_ENDPOINT_URL"] == cloud.url


def test_a_bucket_is_reported_that_the_emulator_speaks_http(cloud: Cloud, project: Path) -> None:
    template = project / "store" / "template.yml"
    template.write_text("Parameters: {TransportSecurity: {Type: String}}\n" + template.read_text())

    recorded(cloud, project, Component(project / "store", "Store", ("package.zip",)))

    overrides = project / "report" / "projects" / "store" / OVERRIDES
    assert yaml.safe_load(overrides.read_text()) == {"TransportSecurity": "Optional"}


def test_taskcat_is_configured_by_nobody_s_home_and_environment(
    cloud: Cloud, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TASKCAT_PROJECT_REGIONS", "AWS_PROFILE", "HOME"):
        monkeypatch.setenv(name, "mine")

    recorder = recorded(cloud, project, Component(project / "store", "Store", ("package.zip",)))

    tested = [given for command, given in recorder.commands if "--regions" in command]
    assert "mine" not in tested[0].values()
    assert tested[0]["AWS_ENDPOINT_URL"] == cloud.url
