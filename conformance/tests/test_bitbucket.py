"""Each rule is broken once, in a file that is otherwise right, and nothing else is found there."""

import inspect
import re
from pathlib import Path

import pytest
import yaml

from conformance import bitbucket
from conformance.bitbucket import MODULES, RULES, Rule
from conformance.pipeline_file import KeyTwiceError, PipelineFile

RIGHT = """\
image: python:3.13
options:
  max-time: 30
  size: 2x
clone:
  depth: 50
definitions:
  caches:
    uv: ~/.cache/uv
  services:
    database:
      image: postgres
    small:
      image: redis
      memory: 128
  steps:
    - step: &build
        name: Build
        caches: [pip, uv, docker]
        services: [database, docker]
        script: [make package]
        artifacts: [build/*.zip]
pipelines:
  default:
    - step: *build
  branches:
    main:
      - step: *build
      - step:
          name: Deploy
          deployment: Test us-west-1
          oidc: true
          script:
            - echo $BITBUCKET_STEP_OIDC_TOKEN > token
            - export AWS_ROLE_ARN=$DEPLOY_ROLE_ARN
      - stage:
          name: Staging
          deployment: Staging us-east-2
          steps:
            - step: {name: Deploy, script: [make promote]}
      - step: {name: Approve, trigger: manual, script: [echo]}
      - parallel:
          - step: {name: One, deployment: Production us-west-2, script: [make promote]}
          - step: {name: Two, deployment: Production us-east-1, script: [make promote]}
  custom:
    redo:
      - variables:
          - name: REGION
            default: us-west-1
            allowed-values: [us-west-1, us-east-2]
      - step: {name: Redo, script: [make promote]}
"""
# What is put in the place of what.
BROKEN: dict[str, tuple[str, str]] = {
    "at_most_a_hundred_steps": (
        "  default:\n    - step: *build\n",
        "  default:\n    - step: *build\n" + "    - step: {name: More, script: [ls]}\n" * 100,
    ),
    "the_first_step_starts_by_itself": (
        "{name: Redo, script",
        "{name: Redo, trigger: manual, script",
    ),
    "a_deployment_comes_once_in_a_pipeline": (
        "deployment: Production us-east-1",
        "deployment: Production us-west-2",
    ),
    "environments_come_in_their_order": ("deployment: Test us", "deployment: Production eu"),
    "a_group_runs_at_once_on_the_free_plan": (
        "          - step: {name: One",
        "          - step: {name: More, script: [ls]}\n" * 9 + "          - step: {name: One",
    ),
    "a_stage_holds_steps_alone": (
        "            - step: {name: Deploy",
        "            - parallel: [step: {name: Inner, script: [ls]}]\n"
        "            - step: {name: Deploy",
    ),
    "a_stage_holds_no_manual_step": (
        "{name: Deploy, script",
        "{name: Deploy, trigger: manual, script",
    ),
    "a_group_deploys_to_environments_of_one_type": (
        "deployment: Production us-west-2",
        "deployment: Staging us-west-2",
    ),
    "an_environment_has_a_plain_name": (
        "deployment: Production us-east-1",
        "deployment: Production (us-east-1)",
    ),
    "at_most_ten_environments": (
        "          - step: {name: One",
        "".join(
            f"          - step: {{name: M, deployment: Production {each}, script: [ls]}}\n"
            for each in range(7)
        )
        + "          - step: {name: One",
    ),
    "a_group_holds_no_group": (
        "          - step: {name: One",
        "          - parallel:\n              - step: {name: Inner, script: [ls]}\n"
        "          - step: {name: One",
    ),
    "artifacts_are_below_the_clone": ("build/*.zip", "../build/*.zip"),
    "a_step_that_uses_artifacts_comes_after_the_group_that_makes_them": (
        "{name: One,",
        "{name: One, artifacts: [a.txt],",
    ),
    "caches_are_predefined_or_defined": ("[pip, uv, docker]", "[pip, npm-things]"),
    "a_cache_has_a_plain_name": ("    uv: ~/.cache/uv", "    uv: ~/.cache/uv\n    Uv_2: ~/uv"),
    "a_cache_of_docker_comes_with_its_service": ("[database, docker]", "[database]"),
    "services_are_defined_and_few": ("[database, docker]", "[redis, docker]"),
    "services_leave_memory_for_the_build": (
        "image: postgres",
        "image: postgres\n      memory: 6272",
    ),
    "a_step_takes_at_most_two_hours": ("max-time: 30", "max-time: 121"),
    "a_size_is_one_of_the_free_plan": ("size: 2x", "size: 4x"),
    "a_clone_has_a_depth": ("depth: 50", "depth: 0"),
    "only_custom_pipelines_ask_for_variables": ("name: REGION", "name: 1-REGION"),
    "a_default_is_an_allowed_value": (
        "allowed-values: [us-west-1, us-east-2]",
        "allowed-values: [us-east-2]",
    ),
    "who_takes_a_role_has_a_token": ("oidc: true", "oidc: false"),
    "a_variable_of_a_deployment_is_used_in_one": (
        "          deployment: Test us-west-1\n",
        "",
    ),
    "every_anchor_is_used_and_every_alias_has_one": ("step: &build", "step: &other"),
}


def found(text: str) -> set[str]:
    file = PipelineFile.parse(text)
    return {rule.__name__ for rule in RULES if list(rule(file))}


def test_a_right_file_is_against_no_rule() -> None:
    assert not found(RIGHT)


def test_every_rule_is_among_those_that_are_asked() -> None:
    folder = Path(bitbucket.__file__).parent
    rules = {
        name
        for module in MODULES
        for name, each in inspect.getmembers(module, inspect.isfunction)
        if each.__module__ == module.__name__ and not name.startswith("_")
    }

    assert {Path(str(each.__file__)) for each in MODULES} == {*folder.glob("[a-z]*.py")}
    assert rules == {rule.__name__ for rule in RULES} == set(BROKEN)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_each_rule_is_found_broken(rule: Rule) -> None:
    before, after = BROKEN[rule.__name__]
    assert RIGHT.count(before) >= 1
    text = RIGHT.replace(before, after)
    if "&other" in after:
        # An alias without its anchor is no YAML: the anchor is merely not used.
        text = text.replace("*build", "{name: B, script: [ls]}")

    assert found(text) == {rule.__name__}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_each_rule_says_where_it_was_read_or_that_it_was_not(rule: Rule) -> None:
    first = (rule.__doc__ or "").splitlines()[0]

    assert re.fullmatch(
        r"Source: (https://(support\.atlassian\.com|www\.atlassian\.com|bitbucket\.org)/[a-z0-9/-]+"
        r"|Atlassian's validator, [a-zA-Z]+\.ts( and [a-zA-Z]+\.ts)?)\.|Not read: .+\.",
        first,
    )
    assert ("Settle it with" in (rule.__doc__ or "")) is first.startswith("Not read: ")


def test_what_was_not_read_is_known() -> None:
    unread = {rule.__name__ for rule in RULES if (rule.__doc__ or "").startswith("Not read: ")}

    assert unread == {"a_stage_holds_no_manual_step", "a_default_is_an_allowed_value"}


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        (
            "          - name: REGION",
            "          - name: REGION\n          - name: REGION",
            "only_custom_pipelines_ask_for_variables",
        ),
        (
            "  branches:\n    main:\n",
            "  branches:\n    main:\n      - variables: [{name: REGION}]\n",
            "only_custom_pipelines_ask_for_variables",
        ),
        ("    uv: ~/", "    docker: ~/d\n    uv: ~/", "a_cache_has_a_plain_name"),
        ("    uv: ~/", "    -x: ~/d\n    uv: ~/", "a_cache_has_a_plain_name"),
        ("  size: 2x\n", "", None),
        ("  size: 2x\n", "  size: 1x\n", None),
        ("image: postgres", "image: postgres\n      memory: 6144", None),
        ("services: [database, docker]", "services: [database, docker, small]", None),
        ("max-time: 30", "max-time: 0", "a_step_takes_at_most_two_hours"),
        ("max-time: 30", "max-time: 120", None),
        ("max-time: 30", "max-time: true", "a_step_takes_at_most_two_hours"),
        ("  size: 2x\n", "  size: 2x\n  docker: true\n", None),
    ],
)
def test_relatives_of_what_is_broken(before: str, after: str, rule: str | None) -> None:
    assert before in RIGHT

    assert found(RIGHT.replace(before, after)) == ({rule} if rule else set())


@pytest.mark.parametrize("sign", "[]{},")
def test_an_anchor_holds_no_bracket_and_no_comma(sign: str) -> None:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/yaml-anchors/."""
    with pytest.raises(yaml.YAMLError):
        PipelineFile.parse(f"image: &one{sign}two a\nother: *one{sign}two\n")


def test_a_key_that_is_there_twice_is_noticed() -> None:
    with pytest.raises(KeyTwiceError, match="image"):
        PipelineFile.parse("image: a\nimage: b\n")


@pytest.mark.parametrize("path", ["/build/a", "~/a", "$HOME/a", "a/../../b", "./a", "."])
def test_artifacts_outside_of_the_clone_are_found_in_each_form(path: str) -> None:
    for form in (
        f"[{path}]",
        f"{{upload: [{{name: a, paths: [{path}]}}]}}",
        f"{{paths: [{path}]}}",
    ):
        text = RIGHT.replace("[build/*.zip]", form.replace(path, f"'{path}'"))

        assert found(text) == {"artifacts_are_below_the_clone"}
