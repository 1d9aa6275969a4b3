"""What bb-run cannot show is read from the pipelines' files: gates, tokens, names and rivals.

Bitbucket's own rules are those of conformance.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from local_aws.project.facts import Facts
from local_aws.project.places import COMPONENTS, PLACES, SUITE

ROOT = Path(__file__).parents[3]
FACTS = Facts.read(ROOT)
STACKS, TESTED = tuple(FACTS.stacks), FACTS.tested
UNTESTED = tuple(name for name in STACKS if name not in TESTED)
DEPLOYMENTS = [place.deployment for place in PLACES]
PRODUCTION = [place.deployment for place in PLACES if place.environment == "production"]
Step = dict[str, Any]


def path(component: str) -> Path:
    """A component's pipeline file."""
    return ROOT / component / "bitbucket-pipelines.yml"


def pipelines(component: str) -> dict[str, list[Any]]:
    """A component's pipelines, under the names that bb-run gives them."""
    found = yaml.safe_load(path(component).read_text())["pipelines"]
    named = {"default": found.pop("default")}
    for kind, entries in found.items():
        named |= {f"{kind}.{name}": items for name, items in entries.items()}
    return named


def steps(items: list[Any]) -> Iterator[Step]:
    """The steps of a pipeline, those of its parallel groups among them."""
    for item in items:
        if "parallel" in item:
            yield from steps(item["parallel"])
        else:
            yield item["step"]


def script(step: Step) -> str:
    """A step's whole script."""
    return "\n".join(step["script"])


@pytest.mark.parametrize("components", [UNTESTED, TESTED], ids=["untested", "tested"])
def test_components_that_are_tested_alike_have_one_pipeline(components: tuple[str, ...]) -> None:
    assert len({path(component).read_text() for component in components}) == 1


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_pipelines_are_those_of_the_project(component: str) -> None:
    expected = {"default", "pull-requests.**", "branches.main", "custom.first-deploy"}

    assert set(pipelines(component)) == expected


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.parametrize("name", ["default", "pull-requests.**"])
def test_only_main_is_deployed(component: str, name: str) -> None:
    (step,) = steps(pipelines(component)[name])

    assert "deployment" not in step
    assert "oidc" not in step
    assert "make check test" in script(step)


@pytest.mark.parametrize("component", COMPONENTS)
def test_main_reaches_every_environment_once_and_in_order(component: str) -> None:
    found = [step.get("deployment") for step in steps(pipelines(component)["branches.main"])]

    assert [name for name in found if name] == DEPLOYMENTS


@pytest.mark.parametrize("component", STACKS)
def test_the_first_deployment_reaches_every_environment_too(component: str) -> None:
    found = [step.get("deployment") for step in steps(pipelines(component)["custom.first-deploy"])]

    assert [name for name in found if name] == DEPLOYMENTS


@pytest.mark.parametrize("component", COMPONENTS)
def test_production_is_one_parallel_group_behind_one_manual_gate(component: str) -> None:
    for name, items in pipelines(component).items():
        groups = [index for index, item in enumerate(items) if "parallel" in item]
        for index in groups:
            inside = [step["deployment"] for step in steps([items[index]])]
            assert inside == PRODUCTION
            assert items[index - 1]["step"]["trigger"] == "manual"
        # A group may hold manual steps by now; one gate before it asks one person once.
        gates = [i for i, item in enumerate(items) if item.get("step", {}).get("trigger")]
        assert len(gates) == len(groups), name
        assert 0 not in gates
        assert not any("trigger" in step for i in groups for step in steps([items[i]]))


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_step_that_meets_aws_is_a_deployment_with_a_token_and_no_rivals(component: str) -> None:
    for items in pipelines(component).values():
        for step in steps(items):
            meets_aws = any(word in script(step) for word in ("promote", "deploy ", "system-test"))
            assert meets_aws == ("deployment" in step)
            if meets_aws:
                region = step["deployment"].split()[1]
                assert step["name"] == step["deployment"]
                assert step["oidc"] is True
                assert step["concurrency-group"] == step["deployment"].lower().replace(" ", "-")
                assert "AWS_WEB_IDENTITY_TOKEN_FILE" in step["script"][0]
                assert set(re.findall(r"REGION=([a-z0-9-]+)", script(step))) == {region}


@pytest.mark.parametrize("component", STACKS)
def test_a_step_promotes_to_the_environment_it_is_named_for(component: str) -> None:
    for items in pipelines(component).values():
        for step in steps(items):
            kind = step.get("deployment", "").split(" ")[0].lower()
            promoted = re.findall(r"make promote ENVIRONMENT=(\w+)", script(step))
            assert promoted == ([kind] if kind else [])


@pytest.mark.parametrize("component", COMPONENTS)
def test_no_static_key_is_named(component: str) -> None:
    text = path(component).read_text()

    assert not re.search(r"AWS_(ACCESS_KEY|SECRET|SESSION_TOKEN)|AKIA", text)


@pytest.mark.parametrize("component", STACKS)
def test_only_the_first_step_builds(component: str) -> None:
    assert FACTS.stacks.get(component)
    for items in pipelines(component).values():
        first, *later = steps(items)
        assert first["artifacts"] == ["build/*.*"]
        assert "package" in script(first)
        assert not any(
            re.search(r"make .*\b(package|deploy)\b", script(step)) or "artifacts" in step
            for step in later
        )


def test_the_system_tests_follow_the_functions_and_the_page() -> None:
    assert set(TESTED) == {"submit_image", "get_image_label", "invoke_labeller", "website"}


@pytest.mark.parametrize("component", [*TESTED, SUITE])
def test_every_deployment_of_what_is_tested_ends_with_the_system_tests(component: str) -> None:
    for step in steps(pipelines(component)["branches.main"]):
        if "deployment" in step:
            assert re.search(r"make system-tests? REGION=", step["script"][-1])


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_first_deployment_runs_no_system_tests(component: str) -> None:
    for step in steps(pipelines(component)["custom.first-deploy"]):
        assert "system-test" not in script(step)


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_image_is_pinned(component: str) -> None:
    image = yaml.safe_load(path(component).read_text())["image"]

    assert re.fullmatch(r"python:3\.13\.\d+-\w+", image)
