"""What the page of the costs counts is what there is."""

import re

import yaml
from pages import PROJECT, SOURCE
from project import REGIONS
from templates import template

TEXT = (SOURCE / "costs.md").read_text()
CALLERS = 2  # users, and the system tests
OF_SWEEP = {"ImagesSwept", "ImagesRequeued", "ScheduledSweeps"}


def metrics(component: str) -> set[str]:
    """The metrics that a component's source names."""
    sources = (PROJECT / component / "src").rglob("*.py")
    text = "\n".join(path.read_text() for path in sources)
    named = set(re.findall(r'(?:add_metric|Outcome)\(\s*"(\w+)"', text))
    named |= set(re.findall(r'^        received="(\w+)"', text, re.MULTILINE))
    return named | set(re.findall(r'^    "(\w+)": Outcome\.', text, re.MULTILINE))


def reasons() -> int:
    """How many refusals of a submission there are: problems with a status below 500."""
    modules = ("lambda_common/problems.py", "submit_image/problems.py")
    text = "\n".join((PROJECT / "submit_image/src" / name).read_text() for name in modules)
    of_remote = re.findall(r"class \w+\(RemoteProblem\)", text)
    others = re.findall(r"slug, title, status = .*, (4\d\d)$", text, re.MULTILINE)
    return len(of_remote) + len(others)


def test_the_custom_metrics_are_those_of_the_functions() -> None:
    submit = len(metrics("submit_image")) * CALLERS + 2 * reasons()
    look_up = len(metrics("get_image_label")) * CALLERS
    labeller = len(metrics("invoke_labeller") - OF_SWEEP) * CALLERS + len(OF_SWEEP)
    whole = submit + look_up + labeller

    assert metrics("invoke_labeller") > OF_SWEEP
    assert (
        f"{len(metrics('submit_image'))} × 2 callers + 2 × {reasons()} reasons = {submit} |" in TEXT
    )
    assert f"3 × 2 callers = {look_up} |" in TEXT
    assert f"5 × 2 callers + 3 of the sweep = {labeller} |" in TEXT
    assert f"**{whole} a region: ${whole * 0.30:.2f}**" in TEXT


def test_the_alarms_and_the_endpoints_memory_are_those_of_the_templates() -> None:
    resources = template("cloudwatch_alarms")["Resources"].values()
    alarms = sum(each["Type"] == "AWS::CloudWatch::Alarm" for each in resources)
    memory = int(template("sagemaker_endpoint")["Parameters"]["MemorySize"]["Default"]) // 1024

    assert f"| alarms | {alarms} × $0.10 | ${alarms * 0.10:.2f} |" in TEXT
    assert set(re.findall(r"serverless,? (\d) GB", TEXT)) == {str(memory)}


def test_what_the_page_adds_is_computed() -> None:
    visitors, each = 1_000, 10
    files = [path for path in (PROJECT / "website/page").rglob("*") if path.is_file()]
    pictures, loads = visitors * each, visitors * len(files)
    transfer = visitors * 40e3 / 1e9 * 0.085
    requests = (loads + 5 * pictures) * 0.01 / 10_000
    offers = pictures * (3.5 + 0.2) / 1e6
    uploads = pictures * (5 + 2 * 0.40) / 1e6
    page = TEXT.split("## The page\n")[1].split("\n## ")[0]

    assert f"{len(files)} files of the page" in page
    assert f"{loads:,} requests for the page, {5 * pictures:,} of the API" in page
    dollars = [float(each) for each in re.findall(r"\| \$(\d\.\d+) \|$", page, re.MULTILINE)]
    assert dollars == [round(each, 3) for each in (transfer, requests, offers, uploads)]
    assert f"about ${transfer + requests + offers + uploads:.2f}" in page


def test_the_least_of_the_build_minutes_is_computed() -> None:
    files = [yaml.safe_load(path.read_text()) for path in PROJECT.glob("*/bitbucket-pipelines.yml")]
    stacks = [path for path in PROJECT.glob("*/template.yml") if path.parent.name != "deploy_roles"]
    packaging = 11

    assert f"took {packaging} minutes together" in TEXT
    assert len(files) == len(stacks) + 1
    regions = sum(map(len, REGIONS.values()))
    assert f"takes at least {packaging + regions * len(stacks)} minutes." in " ".join(TEXT.split())
