"""Everything is delivered in order, twice, and a failure stops it where it happens."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from local_aws.delivery.deliver import FIRST, SECOND, Delivery, explain, show
from local_aws.delivery.git import git
from local_aws.project.places import PLACES

TEST, STAGING = PLACES[:2]
Commit = Callable[[Path, str, dict[str, str]], str]
# What a small component's step does: note what it was asked, leave its version in the "cloud".
# The system tests fail where the repository says so.
STEP = """\
      - step:
          name: {name}
          script:
            - echo "$BITBUCKET_REPO_SLUG {pipeline} {region} $SYSTEM_TESTS" >> "$NOTES"
            - cp version.txt "$CLOUD/$BITBUCKET_REPO_SLUG-{region}"
"""
TESTS = """\
            - test ! -e broken-in-{region}
            - 'echo "System tests: passed in {region}."'
"""


def pipelines(*, tested: bool) -> str:
    """A pipeline file that deploys to Test and to Staging."""
    text = "pipelines:\n"
    for key, name in (("branches", "main"), ("custom", "first-deploy")):
        text += f"  {key}:\n    {name}:\n"
        for place in (TEST, STAGING):
            step = STEP + TESTS if tested and name == "main" else STEP
            text += step.format(name=place.deployment, region=place.region, pipeline=name)
    return text


class Cloud:
    """A directory in which every deployment leaves the version that it deployed."""

    def __init__(self, where: Path, repositories: Path) -> None:
        self.where = where
        self.repositories = repositories

    def variables(self, _: str) -> dict[str, str]:
        notes = str(self.where.parent / "notes")
        return {"PATH": "/usr/bin:/bin", "NOTES": notes, "CLOUD": str(self.where)}

    def stack(self, name: str, region: str) -> Any:
        path, repository = self.where / f"{name}-{region}", self.repositories / name
        if not path.exists():
            return None
        current = path.read_text() == (repository / "version.txt").read_text()
        version = git(repository, "rev-parse", "HEAD") if current else "older"
        tags = [{"Key": "version", "Value": version}, {"Key": "digest", "Value": "digest"}]
        return {"StackStatus": "UPDATE_COMPLETE", "Tags": tags}


@pytest.fixture
def delivery(tmp_path: Path, commit: Commit) -> Delivery:
    """Two components, the second one with system tests."""
    repositories = tmp_path / "repos"
    (tmp_path / "cloud").mkdir()
    for name in ("store", "submit"):
        (repositories / name).mkdir(parents=True)
        git(repositories / name, "init", "--quiet", "--initial-branch", "main")
        files = {
            "bitbucket-pipelines.yml": pipelines(tested=name == "submit"),
            "component.mk": f"STACK := {name}\n",
            "version.txt": "1\n",
        }
        commit(repositories / name, "One", files)
    cloud: Any = Cloud(tmp_path / "cloud", repositories)
    return Delivery(repositories, cloud, lambda _: None, ("store", "submit"))


def notes(delivery: Delivery) -> list[str]:
    """What the pipelines noted."""
    return (delivery.repositories.parent / "notes").read_text().splitlines()


def test_the_first_delivery_runs_first_deploy_in_order_without_system_tests(
    delivery: Delivery,
) -> None:
    failed = delivery.deliver(FIRST)

    assert failed is None
    assert notes(delivery) == [
        "store first-deploy us-west-1 off",
        "store first-deploy us-east-2 off",
        "submit first-deploy us-west-1 off",
        "submit first-deploy us-east-2 off",
    ]
    assert delivery.matrix()["submit"][TEST].system_tests == ""


def test_the_second_delivery_runs_what_a_push_runs_with_system_tests(delivery: Delivery) -> None:
    failed = delivery.deliver(SECOND)

    cells = delivery.matrix()
    assert failed is None
    assert notes(delivery)[-1] == "submit main us-east-2 on"
    assert cells["submit"][TEST].system_tests == "passed"
    assert cells["submit"][TEST].version == git(
        delivery.repositories / "submit", "rev-parse", "HEAD"
    )
    assert cells["store"][TEST].status == "UPDATE_COMPLETE"
    assert cells["store"][PLACES[4]].status == ""


def test_system_tests_that_fail_in_test_keep_the_new_version_from_staging(
    delivery: Delivery, commit: Commit
) -> None:
    # given a whole system, and a change that its system tests refuse
    delivery.deliver(FIRST)
    change = {"version.txt": "2\n", "broken-in-us-west-1": ""}
    commit(delivery.repositories / "submit", "Break it", change)

    # when it is delivered
    failed = delivery.deliver(SECOND)

    # then the pipeline stops in Test, and Staging serves what it served
    cells = delivery.matrix()["submit"]
    assert failed
    assert (failed.component, failed.failed) == ("submit", ("Test us-west-1",))
    assert (cells[TEST].version, cells[TEST].system_tests) == (failed.commit, "failed")
    assert (cells[STAGING].version, cells[STAGING].system_tests) == ("older", "")


def test_a_component_that_fails_keeps_the_next_from_starting(delivery: Delivery) -> None:
    (delivery.repositories / "store" / "version.txt").unlink()

    failed = delivery.deliver(FIRST)

    assert failed
    assert "store stopped at Test us-west-1" in explain(failed)
    assert "version.txt" in explain(failed)
    assert not any(line.startswith("submit") for line in notes(delivery))


def test_a_failed_delivery_is_shown_with_the_matrix(delivery: Delivery, commit: Commit) -> None:
    commit(delivery.repositories / "submit", "Break it", {"broken-in-us-west-1": ""})
    shown = StringIO()

    status = show(delivery, Console(file=shown, width=160))

    assert status == 1
    assert "What serves" in shown.getvalue()
    assert "submit stopped at Test us-west-1" in shown.getvalue()


def test_a_package_that_is_not_everywhere_fails_the_delivery(delivery: Delivery) -> None:
    # The small pipelines reach two of five places.
    shown = StringIO()

    assert show(delivery, Console(file=shown, width=160)) == 1
    assert "Not the same package everywhere: store, submit." in shown.getvalue()
