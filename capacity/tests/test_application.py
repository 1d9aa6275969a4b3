import math
from pathlib import Path

import pytest
from local_aws.errors import UsageError
from local_aws.project import components, parameters
from local_aws.settings import ROOT

from capacity.application import Application
from capacity.backlog import of_outage
from capacity.constants import Constants
from capacity.limits import USED_AT_MOST, limits
from capacity.load import Load, rate
from capacity.model import Model
from capacity.report import seconds

SIZES = {
    "1000-a-day": "1000/day",
    "10-a-second": "10",
    "100-a-second": "100",
    "1000-a-second": "1000",
}


def _read(size: str = "", overrides: str = "", root: Path = ROOT) -> Application:
    return Application.read(root, "production", size, overrides)


def test_the_templates_defaults_are_read() -> None:
    found, declared = _read(), components.discover(ROOT)
    labeller = declared["invoke_labeller"].template["Parameters"]
    submit = declared["submit_image"].template["Parameters"]

    assert found.submit.rate == submit["ThrottlingRateLimit"]["Default"]
    assert found.submit.quota == submit["DailyQuota"]["Default"]
    assert found.labeller.batch == labeller["BatchSize"]["Default"]
    assert found.labeller.factor == labeller["ParallelizationFactor"]["Default"]
    assert found.labeller.threads == labeller["Threads"]["Default"]
    assert math.isinf(found.submit.function.reserved)
    assert found.endpoint.serverless
    assert (found.table.index_shards, found.sweep.limit) == (16, 1024)


def test_parameters_override_the_files() -> None:
    found = _read(overrides="InferenceType=Instance MaxCapacity=7 AuthMode=IAM")

    assert (found.endpoint.serverless, found.endpoint.most) == (False, 7)
    # Only a key has a quota.
    assert math.isinf(found.submit.quota)


def test_parameters_override_a_size_and_a_size_overrides_the_environment() -> None:
    assert _read("10-a-second").endpoint.concurrency == 16
    assert _read("10-a-second", "MaxConcurrency=3").endpoint.concurrency == 3


@pytest.mark.parametrize(
    ("environment", "size", "overrides", "message"),
    [
        ("nowhere", "", "", "ENVIRONMENT must be one of test, staging, production, not 'nowhere'"),
        (
            "test",
            "huge",
            "",
            "SIZE must be one of 1000-a-day, 10-a-second, 100-a-second, 1000-a-second, not 'huge'",
        ),
        ("test", "", "Speed=1", "PARAMETERS names Speed"),
        ("test", "", "Speed", "'Speed' has no value"),
    ],
)
def test_what_there_is_not_is_refused_by_name(
    environment: str, size: str, overrides: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        Application.read(ROOT, environment, size, overrides)


def test_the_sizes_are_those_that_the_project_ships() -> None:
    assert parameters.sizes(components.discover(ROOT).values()) == list(SIZES)


@pytest.mark.parametrize(("size", "load"), SIZES.items())
def test_a_size_serves_its_load_with_its_headroom(size: str, load: str) -> None:
    model = Model(_read(size), Constants.read(), "raised")

    for limit in limits(model):
        # The daily quota has less of it: it is a day's mean.
        headroom = 0.8 if "a day" in limit.title else USED_AT_MOST
        assert limit.pictures * headroom >= rate(load) * 0.98, limit.title


def _row(size: str, load: str) -> str:
    """The row of the page about an hour's outage."""
    model = Model(_read(size), Constants.read(), "raised")
    found = of_outage(model, Load(rate(load), outage=3600), rate(load))
    numbers = f"{found.pictures:,.0f} | {found.swept:,.0f} | {seconds(found.seconds)}"
    return f"| `{size}` | {numbers} | {found.bound} |"


@pytest.mark.parametrize(("size", "load"), SIZES.items())
def test_the_page_says_how_long_an_outage_is_noticed(size: str, load: str) -> None:
    assert _row(size, load) in (ROOT / "docs/source/capacity.md").read_text().splitlines()


def test_the_smallest_size_fits_a_new_account() -> None:
    found = limits(Model(_read("1000-a-day"), Constants.read(), "new"))

    assert found[0].pictures * USED_AT_MOST >= 1000 / 86_400
