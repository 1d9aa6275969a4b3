"""Everything that is deployed by default fits a new account, in every region and in one account."""

import shutil
import zipfile
from pathlib import Path

import pytest
from local_aws.preflight import quotas
from local_aws.preflight.usage import Usage

PROJECT = Path(__file__).parents[1]
TABLE = quotas.read()
USAGE = Usage(PROJECT)
ENVIRONMENTS = ("test", "staging", "production")


def over(project: Path) -> set[str]:
    """The quotas of a new account that are exceeded."""
    return {name for name, used in Usage(project).all_together().items() if used > TABLE[name].new}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What decides how much is used, to be changed."""
    for path in PROJECT.glob("*/template.yml"):
        there = tmp_path / path.parent.name
        there.mkdir()
        for file in (
            *path.parent.glob("*.yml"),
            path.parent / "Makefile",
            *path.parent.glob("component.mk"),
        ):
            shutil.copy(file, there)
        for file in path.parent.glob("*/*.yml"):
            if file.parent.name in ("parameters", "policies", "boundaries"):
                (there / file.parent.name).mkdir(exist_ok=True)
                shutil.copy(file, there / file.parent.name)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def pack(project: Path, size: int) -> None:
    """Package a function, as large as given and stored as it is, as ours are."""
    path = project / "submit_image/build/package.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("module.py", bytes(size))


def default(path: Path, parameter: str, value: int) -> None:
    """Change the default of a template's parameter."""
    head, found, rest = path.read_text().partition(f"\n  {parameter}:\n")
    assert found
    before, found, after = rest.partition("    Default: ")
    path.write_text(f"{head}\n  {parameter}:\n{before}{found}{value}\n{after.partition('\n')[2]}")


def test_the_table_and_what_is_measured_agree(project: Path) -> None:
    packages = {"package-bytes", "unpacked-bytes"}
    assert set(Usage(project).all_together()) == set(TABLE) - packages

    pack(project, 1)

    assert set(Usage(project).all_together()) == set(TABLE)


@pytest.mark.parametrize(
    ("size", "exceeded"),
    [
        (50 * 2**20 - 4096, set()),
        (50 * 2**20, {"package-bytes"}),
        (250 * 2**20 + 1, {"package-bytes", "unpacked-bytes"}),
    ],
)
def test_a_package_that_is_too_large_is_found(project: Path, size: int, exceeded: set[str]) -> None:
    pack(project, size)

    assert over(project) == exceeded


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_new_account_has_room_for_each_environment(environment: str) -> None:
    used = USAGE.region(environment) | USAGE.account([environment])

    assert {name: each for name, each in used.items() if each > TABLE[name].new} == {}


def test_a_new_account_has_room_for_all_regions_together() -> None:
    assert over(PROJECT) == set()


def test_nothing_is_counted_as_none_that_is_used() -> None:
    used = USAGE.all_together()

    # no function reserves executions by default, since a new account has none to spare
    assert {name for name, each in used.items() if each == 0} == {"lambda-reserved"}


def test_an_endpoint_can_be_replaced_within_the_quota() -> None:
    """CloudFormation makes the new one first."""
    for environment in ENVIRONMENTS:
        used = USAGE.region(environment)["serverless-concurrency"]
        assert 2 * used <= TABLE["serverless-concurrency"].new


@pytest.mark.parametrize(
    ("component", "parameter", "value", "quota"),
    [
        ("sagemaker_endpoint", "MemorySize", 4096, "serverless-memory"),
        ("submit_image", "ThrottlingBurstLimit", 3, "lambda-concurrency"),
        ("submit_image", "ThrottlingRateLimit", 2, "lambda-concurrency"),
        ("submit_image", "MemorySize", 4096, "lambda-memory"),
        ("submit_image", "ReservedConcurrentExecutions", 1, "lambda-reserved"),
        ("get_image_label", "ReservedConcurrentExecutions", 1, "lambda-reserved"),
        ("get_image_label", "ThrottlingBurstLimit", 3, "lambda-concurrency"),
        ("get_image_label", "ThrottlingRateLimit", 50, "lambda-concurrency"),
        ("invoke_labeller", "MemorySize", 3009, "lambda-memory"),
        ("invoke_labeller", "ParallelizationFactor", 2, "lambda-concurrency"),
        ("invoke_labeller", "ReservedConcurrentExecutions", 1, "lambda-reserved"),
    ],
)
def test_a_default_that_is_too_high_is_found(
    project: Path, component: str, parameter: str, value: int, quota: str
) -> None:
    default(project / component / "template.yml", parameter, value)

    assert over(project) == {quota}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_parameter_file_that_asks_for_too_much_is_found(project: Path, environment: str) -> None:
    file = project / f"sagemaker_endpoint/parameters/{environment}.yml"
    file.write_text("InferenceType: Serverless\nMaxConcurrency: 11\n")

    assert over(project) == {"serverless-concurrency"}


def test_what_a_parameter_switches_off_is_not_counted(project: Path) -> None:
    for environment in ENVIRONMENTS:
        file = project / f"sagemaker_endpoint/parameters/{environment}.yml"
        file.write_text("InferenceType: Instance\nMaxConcurrency: 200\nMemorySize: 6144\n")

    assert over(project) == set()
    assert Usage(project).all_together()["serverless-endpoints"] == 0


@pytest.mark.parametrize(
    ("component", "old", "new", "quota"),
    [
        ("submit_image", "      MethodSettings:", "      Else:", "lambda-concurrency"),
        (
            "cloudwatch_alarms",
            "AlarmActions: [!If [HasFallback, !Ref FallbackTopic, !Ref Topic]]",
            f"AlarmActions: [{', '.join(['!Ref Topic'] * 5)}]",
            "alarm-actions",
        ),
        (
            "s3_infra",
            "\nOutputs:\n",
            "\nOutputs:\n" + "".join(f"  Output{each}: {{Value: x}}\n" for each in range(200)),
            "template-outputs",
        ),
        (
            "s3_infra",
            "\nParameters:\n",
            "\nParameters:\n"
            + "".join(f"  More{each}: {{Type: String, Default: x}}\n" for each in range(200)),
            "template-parameters",
        ),
        ("s3_infra", "\nResources:\n", f"\nX: {'x' * 51_200}\nResources:\n", "template-bytes"),
    ],
)
def test_a_template_that_takes_too_much_is_found(
    project: Path, component: str, old: str, new: str, quota: str
) -> None:
    edit(project / component / "template.yml", old, new)

    assert quota in over(project)


def test_a_deploy_role_that_grows_too_long_is_found(project: Path) -> None:
    path = project / "deploy_roles/policies/table.yml"
    edit(path, "dynamodb:CreateTable", f"dynamodb:CreateTable{'x' * 10_240}")

    assert "inline-policy-characters" in over(project)


def test_a_boundary_that_grows_too_long_is_found(project: Path) -> None:
    path = project / "deploy_roles/boundaries/invoke_labeller.yml"
    edit(path, "Sid: Logs", f"Sid: {'x' * 6_144}")

    assert "managed-policy-characters" in over(project)


def test_the_first_hour_shows_what_the_checks_say() -> None:
    page = (PROJECT / "docs/source/aws/first-hour.md").read_text()
    used = USAGE.region("test")

    for line in (
        f"{used['serverless-memory']} MB; AWS does not report this account's quota, and a "
        f"new account has {TABLE['serverless-memory'].new}.",
        f"{used['serverless-concurrency']} invocations at once of 10, of which other endpoints "
        "have 0.",
        f"{used['lambda-concurrency']} executions at once of 10.",
    ):
        assert line in page
