"""The real taskcat against the real emulator: one stack of the application, and three in small."""

import shutil
from pathlib import Path

import pytest

from local_aws import Cloud, Settings
from local_aws.settings import HOUSE
from local_aws.taskcat import matrix, needs
from local_aws.taskcat.records import FAILED, GREEN, NOT_RUN
from local_aws.taskcat.run import Run, environment
from tests.taskcat.conftest import READER, REFUSED, REFUSED_TESTS, STORE, Write, projects_in

REGIONS = ("us-west-1", "us-east-2", "ca-central-1")

# taskcat alone takes seconds to start, three times.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def run(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory, write: Write) -> Run:
    """A run in which a stack is refused in one region."""
    house = tmp_path_factory.mktemp("house")
    unneeded = shutil.ignore_patterns(".*cache", ".venv", "build", "tests")
    shutil.copytree(HOUSE / "dynamodb_infra", house / "dynamodb_infra", ignore=unneeded)
    write(house, "refused", REFUSED, tests=REFUSED_TESTS)
    write(house, "reader", READER, "{RefusedStackName: tCaT-Refused}")
    broken = write(house, "broken", STORE)
    (broken / "Makefile").write_text("package:\n\t@echo 'Error: no space left' && exit 1\n")
    misspelt = write(house, "misspelt", STORE)
    config = misspelt / ".taskcat.yml"
    config.write_text(config.read_text().replace("package_lambda", "pakage_lambda"))
    projects = needs.closure(projects_in(house), [])
    whole = Run(cloud, projects, REGIONS, house / "report")
    whole.run()
    return whole


def statuses(run: Run, component: str) -> list[str]:
    return [run.records[component, region].status for region in REGIONS]


def test_a_stack_of_the_application_is_made_in_each_region(run: Run) -> None:
    assert statuses(run, "dynamodb_infra") == [GREEN, GREEN, GREEN]


def test_a_stack_stays_for_those_that_need_it(run: Run) -> None:
    for region in ("us-east-2", "ca-central-1"):
        client = run.cloud.session().client("cloudformation", region, endpoint_url=run.cloud.url)
        found = client.describe_stacks(StackName="tCaT-OpenDevOpsDynamoDB")["Stacks"][0]
        assert found["StackStatus"] == GREEN


def test_a_failure_is_told_by_its_event(run: Run) -> None:
    record = run.records["refused", "us-west-1"]

    assert record.status == "CREATE_FAILED"
    assert record.events[0].startswith("Setting (AWS::SSM::Parameter): ")
    assert "Nothing" in record.events[0]
    assert len(record.events) == 1
    assert f"refused in us-west-1: {record.events[0]}" in matrix.causes(run.records)


def test_a_failure_in_one_region_is_none_in_another(run: Run) -> None:
    assert run.records["refused", "us-east-2"].green


def test_what_needs_a_failed_stack_is_not_tested_there(run: Run) -> None:
    assert statuses(run, "reader")[:2] == [NOT_RUN, GREEN]
    assert run.records["reader", "us-west-1"].events == ("refused is not there",)


def test_a_region_without_a_test_is_no_success(run: Run) -> None:
    assert statuses(run, "refused")[2] == FAILED
    assert run.records["refused", "ca-central-1"].events == (".taskcat.yml has no test there",)


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


def test_taskcat_is_configured_by_nobody_s_home_and_environment(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TASKCAT_PROJECT_REGIONS", "AWS_PROFILE", "HOME"):
        monkeypatch.setenv(name, "mine")

    found = environment(settings, "http://127.0.0.1:1", tmp_path)

    assert "mine" not in found.values()
    assert found["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
