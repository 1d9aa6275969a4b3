"""What the pages say in passing is what the components have."""

import re
import subprocess

import pages
import pytest
import yaml
from pages import PROJECT, SOURCE
from project import COMPONENTS, REGIONS, STACKS, outputs, parameters, stacks
from templates import template

# Names of AWS's own, and of the row's and the answers' fields, that look like parameters.
OTHERS = {
    "AlwaysDeploy",
    "AssumeRoleWithWebIdentity",
    "CLASSIFIED",
    "FAILED",
    "NOT_CLASSIFIED",
    "DeletionPolicy",
    "Deny",
    "FailedAt",
    "FailureCode",
    "FailureReason",
    "Incomplete",
    "PendingSince",
    "ImageLabel",
    "ImageLabels",
    "Instance",
    "Labels",
    "Location",
    "NoEcho",
    "NotAction",
    "None",
    "Failed",
    "Pending",
    "ModelError",
    "PutMetricData",
    "ResourceLimitExceeded",
    "Retain",
    "CopyObject",
    "EntityTooLarge",
    "EntityTooSmall",
    "ExpiresAt",
    "ImageId",
    "Fields",
    "MaxBytes",
    "UploadId",
    "Url",
    "Serverless",
    "SetAlarmState",
    "Status",
    "SystemTests",
    "Target",
    "UpdateReplacePolicy",
    "ApiKey",
}
ENVIRONMENT_VARIABLES = (
    "DEPLOY_ROLE_ARN",
    "PARAMETERS",
    "SYSTEM_TESTS",
    "SYSTEM_TESTS_REPOSITORY",
    "SYSTEM_TESTS_ROLE_ARN",
)


def test_every_stack_that_is_named_exists() -> None:
    named = {
        (page, name)
        for page, text in pages.pages().items()
        for name in re.findall(r"\bOpenDevOps\w+", text)
    }

    assert {name for _, name in named} <= set(stacks()), named


def test_every_stack_is_named() -> None:
    text = (SOURCE / "architecture.md").read_text()

    assert [
        stack for stack, component in stacks().items() if component in STACKS and stack not in text
    ] == []


def test_every_parameter_and_output_that_is_named_exists() -> None:
    known = {
        name for each in (*STACKS, "deploy_roles") for name in (*parameters(each), *outputs(each))
    }
    known |= {
        *template("cloudwatch_alarms")["Resources"],
        *template("deploy_roles", "role.yml")["Outputs"],
        *template("deploy_roles", "role.yml")["Parameters"],
    }
    named = {
        (page, code.split("=")[0])
        for page, code in pages.inline()
        if re.fullmatch(r"(?!OpenDevOps)[A-Z][a-z]+[A-Za-z]*(=\w+)?", code)
    }

    assert {(page, name) for page, name in named if name not in known | OTHERS} == set()


def test_every_test_that_is_named_exists() -> None:
    files = subprocess.run(
        ["git", "ls-files", "*test_*.py"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    defined = set(files) | {
        name
        for path in files
        for name in re.findall(r"^def (test_\w+)\(", (PROJECT / path).read_text(), re.MULTILINE)
    }
    named = {
        (page, name)
        for page, text in pages.pages().items()
        for name in re.findall(r"`(test_[a-z0-9_]+|(?:[a-z_]+/)*tests/[a-z_/]+\.py)`", text)
    }

    assert {(page, name) for page, name in named if name not in defined} == set()


def test_every_component_that_is_named_exists() -> None:
    folders = {
        page: re.findall(r"`([a-z]+(?:_[a-z0-9]+)+)/?`", text)
        for page, text in pages.pages().items()
    }

    missing = {
        (page, name)
        for page, names in folders.items()
        for name in names
        if not name.startswith("test_") and not (PROJECT / name).is_dir()
    }

    assert missing == set()


def test_every_file_that_is_named_exists() -> None:
    named = {
        (page, code)
        for page, code in pages.inline()
        if re.fullmatch(r"[a-z_]+(/[a-z_.-]+)+", code)
        and code.split("/")[0] in (*COMPONENTS, "deploy_roles")
    }

    assert {(page, name) for page, name in named if not (PROJECT / name).exists()} == set()


@pytest.mark.parametrize("component", COMPONENTS)
def test_deployments_are_those_of_the_pipelines(component: str) -> None:
    pipeline = (PROJECT / component / "bitbucket-pipelines.yml").read_text()
    expected = [
        f"{name.capitalize()} {region}" for name, regions in REGIONS.items() for region in regions
    ]

    deployments = list(dict.fromkeys(re.findall(r"^ +deployment: (.+)", pipeline, re.M)))

    assert deployments == expected
    for page in ("architecture.md", "bitbucket.md"):
        text = (SOURCE / page).read_text()
        assert all(f"`{name}`" in text for name in deployments)


@pytest.mark.parametrize("variable", ENVIRONMENT_VARIABLES)
def test_the_pipelines_read_the_variables(variable: str) -> None:
    component = PROJECT / "submit_image"
    files = [component / "bitbucket-pipelines.yml", *component.glob("deploy/*.py")]
    assert re.search(rf"\b{variable}\b", "\n".join(path.read_text() for path in files))
    assert f"`{variable}`" in (SOURCE / "bitbucket.md").read_text()


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_first_deployment_has_its_pipeline(component: str) -> None:
    pipeline = yaml.safe_load((PROJECT / component / "bitbucket-pipelines.yml").read_text())

    assert "first-deploy" in pipeline["pipelines"]["custom"]


def test_the_order_of_the_first_deployment_is_that_of_the_components() -> None:
    text = (SOURCE / "first-deployment.md").read_text()
    order = re.findall(r"^\d\. `(\w+)`", text, re.M)

    assert order == [*STACKS[:-2], "system_tests", *STACKS[-2:]]


@pytest.mark.parametrize("component", ["submit_image", "get_image_label"])
def test_the_problems_are_those_of_the_functions(component: str) -> None:
    described = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", (SOURCE / "api.md").read_text()))
    sources = (PROJECT / component / "src" / component).glob("problem*.py")
    raised = set(
        re.findall(
            r'\bslug, title(?:, status)? = "([a-z-]+)"',
            "\n".join(path.read_text() for path in sources),
        )
    )

    assert raised
    assert raised - described == set()


def test_the_alarms_are_counted_right() -> None:
    alarms = [
        name
        for name, resource in template("cloudwatch_alarms")["Resources"].items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    ]

    row = re.search(
        r"^\| alarms \| (\d+) . \$0\.10 \| \$(\S+) ", (SOURCE / "costs.md").read_text(), re.M
    )
    assert row
    assert row.groups() == (str(len(alarms)), f"{len(alarms) / 10:.2f}")


def test_the_endpoint_has_one_name_in_lower_case() -> None:
    takers = ("sagemaker_endpoint", "invoke_labeller", "cloudwatch_alarms")
    names = {parameters(each)["EndpointName"]["Default"] for each in takers}

    assert len(names) == 1
    assert all(name == name.lower() for name in names), "SageMaker's ARNs are in lower case"


@pytest.mark.parametrize(
    "module",
    [
        "submit_image/src/submit_image/formats/limits.py",
        "invoke_labeller/src/invoke_labeller/sizes.py",
    ],
)
def test_the_cap_on_pixels_is_that_of_the_functions(module: str) -> None:
    cap = re.search(r"^MAX_PIXELS = ([\d_]+)", (PROJECT / module).read_text(), re.M)

    assert cap
    assert f"{int(cap[1]) // 1_000_000} million pixels" in (SOURCE / "limitations.md").read_text()


def test_the_roles_of_the_stacks_can_carry_the_boundary() -> None:
    takers = ("sagemaker_endpoint", "submit_image", "get_image_label", "invoke_labeller")

    assert all("PermissionsBoundaryArn" in parameters(each) for each in takers)


def test_the_message_about_a_missing_stack_is_that_of_the_system_tests() -> None:
    def words(path: str) -> str:
        return " ".join(re.sub(r'"\s*"|"', "", (PROJECT / path).read_text()).split())

    advice = "the first deployment and the system is not complete yet, leave the system tests out:"

    assert advice in words("system_tests/src/system_tests/stacks.py")
    assert advice in words("docs/source/first-deployment.md")
