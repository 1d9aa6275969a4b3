import re

import pytest
import yaml
from local_aws.errors import UsageError
from local_aws.settings import ROOT

from capacity.constants import FILE, Constants

QUOTAS = yaml.safe_load((ROOT / "local_aws/src/local_aws/preflight/quotas.yml").read_text())[
    "quotas"
]
COSTS = (ROOT / "docs/source/costs.md").read_text()
# The same as preflight knows it.
SHARED = {
    "lambda-concurrency": "lambda-concurrency",
    "serverless-concurrency": "serverless-concurrency",
    "api-rate": "api-rate",
}


def test_every_limit_and_price_has_a_page_a_day_and_a_region() -> None:
    constants = Constants.read()

    for group in (constants.limits, constants.behaviour, constants.prices):
        for each in group.values():
            assert each.page.startswith("https://"), each.key
            assert re.fullmatch(r"2026-\d\d-\d\d", each.read), each.key
            assert each.region
            assert each.value > 0


def test_every_limit_says_whether_it_is_adjustable_and_one_with_a_code_names_its_service() -> None:
    for each in Constants.read().limits.values():
        assert isinstance(each.adjustable, bool)
        assert bool(each.service) or not each.code
        assert bool(each.service) == each.adjustable, each.key


def test_an_assumption_lies_between_its_ends() -> None:
    for each in Constants.read().assumptions.values():
        assert each.low <= each.value <= each.high, each.key


@pytest.mark.parametrize(("key", "other"), SHARED.items())
def test_what_preflight_knows_too_is_the_same(key: str, other: str) -> None:
    limit, quota = Constants.read().limits[key], QUOTAS[other]

    assert limit.value == quota["documented"]
    assert limit.of("new") == quota["new"]
    assert (limit.code, limit.name) == (quota["code"], quota["name"])


def test_the_prices_are_those_of_the_page_of_costs() -> None:
    price = Constants.read().price

    for dollars in (price["lambda-gb-second"], 3 * price["serverless-gb-second"]):
        assert f"${dollars:.10f}".rstrip("0") in COSTS
    for million in (
        price["api-request"],
        price["table-write"],
        price["table-read"],
        price["lambda-request"],
    ):
        assert re.search(
            rf"\${million * 1e6:.3f}".rstrip("0").replace(".", r"\.") + r"0? / million", COSTS
        )
    for name, each in Constants.read().instances.items():
        if f"`{name}`" in COSTS:
            assert f"${each.hour:g}" in COSTS


def test_no_other_module_has_a_number_of_aws() -> None:
    """A limit that stands in the code would be forgotten when AWS changes it."""
    limits = {
        str(int(each.value)) for each in Constants.read().limits.values() if each.value >= 1000
    }

    for path in FILE.parent.glob("*.py"):
        numbers = set(re.findall(r"(?<![\w.])\d[\d_]*(?![\w.])", path.read_text()))
        assert not {each.replace("_", "") for each in numbers} & (limits - {"1000"}), path.name


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_an_assumption_that_makes_no_sense_is_refused(value: float) -> None:
    with pytest.raises(UsageError, match="model-seconds"):
        Constants.read().assuming({"model-seconds": value})


def test_an_assumption_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match=r"ASSUME names speed; there are .*model-seconds"):
        Constants.read().assuming({"speed": 1})
