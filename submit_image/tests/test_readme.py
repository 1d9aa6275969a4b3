import re
from pathlib import Path

from submit_image.fetcher import MAX_REDIRECTS
from submit_image.formats.limits import MAX_PIXELS
from submit_image.offering import VALID_SECONDS
from submit_image.routes.offer_upload import OfferUpload
from submit_image.routes.submit_image import SubmitImage
from submit_image.routes.withdraw_image import WithdrawImage
from submit_image.urls import MAX_LENGTH
from tests.lambda_common.support import kinds
from tests.test_template import FUNCTION, TEMPLATE

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text()


def rows(first_column: str) -> list[list[str]]:
    """The rows of the table whose first column has this title, without backticks."""
    table = re.search(rf"^\| {first_column} \|.*\n\|[-|]+\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
    assert table
    return [
        [cell.strip().strip("`") for cell in row.strip("|").split("|")]
        for row in table[1].splitlines()
    ]


def test_the_parameters_are_those_of_the_template() -> None:
    documented = [(name, default) for name, default, _ in rows("parameter")]

    assert documented == [
        (name, str(parameter["Default"])) for name, parameter in TEMPLATE["Parameters"].items()
    ]


def test_the_outputs_are_those_of_the_template() -> None:
    assert [name for name, _ in rows("output")] == list(TEMPLATE["Outputs"])


def test_the_errors_are_those_of_the_function() -> None:
    existing = {(str(kind.status), kind.slug) for kind in kinds()}

    assert {(status, slug) for status, slug, _ in rows("status")} == existing


def test_the_limits_are_those_that_are_enforced() -> None:
    assert f"{MAX_LENGTH:,} characters" in TEXT
    assert f"up to {MAX_REDIRECTS} redirects" in TEXT
    assert f"{MAX_PIXELS // 1_000_000} megapixels" in TEXT
    seconds = TEMPLATE["Parameters"]["FetchSeconds"]["Default"]
    assert f"within {seconds} seconds" in TEXT
    assert f"{VALID_SECONDS // 60} minutes" in TEXT


def test_what_a_day_costs_at_most_is_computed_from_the_template() -> None:
    parameters = {name: value["Default"] for name, value in TEMPLATE["Parameters"].items()}
    gigabytes = parameters["MemorySize"] / 1024
    # API Gateway, Lambda for as long as the function may run, an object and a row: docs/costs.md.
    request = (3.5 + 0.2 + 5 + 0.625) / 1e6 + gigabytes * FUNCTION["Timeout"] * 0.0000166667
    execution = gigabytes * 86_400 * 0.0000166667
    unmetered = 86_400 * parameters["ThrottlingRateLimit"] + parameters["ThrottlingBurstLimit"]
    quota = parameters["DailyQuota"]

    assert f"| `ApiKey` | {quota:,} | ${quota * request:.2f} |" in TEXT
    assert f"| `IAM`, `None` | {unmetered:,} | ${unmetered * request:.2f} |" in TEXT
    assert f"${execution:.2f} a day for each" in TEXT


def test_what_an_upload_costs_more_than_a_url_is_computed() -> None:
    # The prices of docs/costs.md, for a million each.
    request, write, read, row = 3.5 + 0.2, 5, 0.40, 0.625

    for way, requests, writes, reads in (("URL", 1, 1, 0), ("upload", 2, 2, 2)):
        dollars = requests * request + writes * write + reads * read + row
        assert f"| {way} | {requests} | {writes}, {reads} | ${dollars + 1e-9:.2f} |" in TEXT


def test_the_metrics_are_those_of_the_function() -> None:
    counted = {
        metric
        for outcomes in (route.outcomes for route in (SubmitImage, OfferUpload, WithdrawImage))
        for metric in (
            outcomes.received,
            *(each.metric for each in (outcomes.done, outcomes.refused, outcomes.failed)),
        )
        if metric
    }

    assert {name for name, _ in rows("metric")} == counted


def test_the_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    used = {
        target
        for line in re.findall(r"^make (.+)$", TEXT, re.MULTILINE)
        for target in line.split()
        if "=" not in target
    }

    assert used
    assert all(re.search(rf"^{target}:.*##", makefile, re.MULTILINE) for target in used)


def test_the_modules_that_are_named_exist() -> None:
    for module in re.findall(r"`(\w+\.py)`", TEXT):
        assert list((ROOT / "src").glob(f"*/{module}"))
