"""Rules on a pipeline's steps, their order and groups, on its variables and on anchors."""

import re
from collections.abc import Iterator

from conformance.pipeline_file import PipelineFile, steps

MOST_STEPS = 100
MOST_AT_ONCE = 10
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def at_most_a_hundred_steps(file: PipelineFile) -> Iterator[str]:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/step-options/."""
    for name, items in file.pipelines().items():
        number = sum(1 for _ in steps(items))
        if not 1 <= number <= MOST_STEPS:
            yield f"{name} has {number} steps"


def a_group_runs_at_once_on_the_free_plan(file: PipelineFile) -> Iterator[str]:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/limitations-of-bitbucket-pipelines/.

    The Free plan runs ten steps of a workspace at once.
    """
    for name, items in file.pipelines().items():
        for group in (item for item in items if "parallel" in item):
            number = sum(1 for _ in steps([group]))
            if number > MOST_AT_ONCE:
                yield f"{name}: {number} steps in parallel"


def the_first_step_starts_by_itself(file: PipelineFile) -> Iterator[str]:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/pipeline-triggers/."""
    for name, items in file.pipelines().items():
        first = next(item for item in items if "variables" not in item)
        begin = list(steps([first]))
        stage = first.get("stage", {})
        if any(step.get("trigger") == "manual" for step in (*begin, stage)):
            yield f"{name} begins with a manual step"


def a_stage_holds_steps_alone(file: PipelineFile) -> Iterator[str]:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/stages/."""
    for name, items in file.pipelines().items():
        for stage in (item["stage"] for item in items if "stage" in item):
            if any("step" not in inner for inner in stage["steps"]):
                yield f"{name}: the stage {stage.get('name')} holds more than steps"


def a_stage_holds_no_manual_step(file: PipelineFile) -> Iterator[str]:
    """Not read: whether a step of a stage may be manual.

    Settle it with the editor of Bitbucket, which validates the file.
    """
    for name, items in file.pipelines().items():
        for stage in (item["stage"] for item in items if "stage" in item):
            if any(step.get("trigger") == "manual" for step in steps([{"stage": stage}])):
                yield f"{name}: the stage {stage.get('name')} waits in its middle"


def a_group_holds_no_group(file: PipelineFile) -> Iterator[str]:
    """Source: Atlassian's validator, validator.ts."""
    for name, items in file.pipelines().items():
        for group in (item["parallel"] for item in items if "parallel" in item):
            inner = group["steps"] if isinstance(group, dict) else group
            if any("step" not in each for each in inner):
                yield f"{name}: a parallel group holds more than steps"


def only_custom_pipelines_ask_for_variables(file: PipelineFile) -> Iterator[str]:
    """Source: Atlassian's validator, validator.ts and entities.ts.

    They come first, once, and each has a name of its own of letters, digits and underscores.
    """
    for name, items in file.pipelines().items():
        for place, item in enumerate(items):
            if "variables" not in item:
                continue
            if place > 0 or not name.startswith("custom."):
                yield f"{name}: variables are for the beginning of a custom pipeline"
            names = [str(each["name"]) for each in item["variables"]]
            for each in sorted({each for each in names if names.count(each) > 1}):
                yield f"{name}: the variable {each} is there twice"
            for each in (each for each in names if not VARIABLE.fullmatch(each)):
                yield f"{name}: {each} is no name of a variable"


def a_default_is_an_allowed_value(file: PipelineFile) -> Iterator[str]:
    """Not read: whether a variable's default must be one of its allowed values.

    Settle it with the editor of Bitbucket, which validates the file.
    """
    for name, items in file.pipelines().items():
        for each in (each for item in items for each in item.get("variables", [])):
            default = each.get("default", "")
            if default not in each.get("allowed-values", [default]):
                yield f"{name}: the default of {each['name']} is not among its allowed values"


def every_anchor_is_used_and_every_alias_has_one(file: PipelineFile) -> Iterator[str]:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/yaml-anchors/.

    That an anchor is used, and set once, is our own rule: YAML would take the last one silently.
    """
    text = re.sub(r"^ *#.*$", "", file.text, flags=re.MULTILINE)
    anchors = re.findall(r"(?<![\w&])&([a-z][\w-]*)(?=\s)", text)
    aliases = set(re.findall(r"(?<![\w*])\*([a-z][\w-]*)(?=\s|$)", text))
    for name in sorted(set(anchors) ^ aliases):
        yield f"the anchor {name} is not both set and used"
    for name in sorted({each for each in anchors if anchors.count(each) > 1}):
        yield f"the anchor {name} is set more than once"


RULES = (
    at_most_a_hundred_steps,
    a_group_runs_at_once_on_the_free_plan,
    the_first_step_starts_by_itself,
    a_stage_holds_steps_alone,
    a_stage_holds_no_manual_step,
    a_group_holds_no_group,
    only_custom_pipelines_ask_for_variables,
    a_default_is_an_allowed_value,
    every_anchor_is_used_and_every_alias_has_one,
)
