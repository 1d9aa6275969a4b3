"""Rules on the environments that a pipeline deploys to."""

import re
from collections.abc import Iterator
from typing import Any

from conformance.pipeline_file import PipelineFile, steps

TYPES = ("test", "staging", "production")
MOST_ENVIRONMENTS = 10
NAME = re.compile(r"[a-zA-Z0-9 _-]+")


def a_deployment_comes_once_in_a_pipeline(file: PipelineFile) -> Iterator[str]:
    """Source: https://bitbucket.org/site/master/issues/18931/pipelines-validator-allows-multiple-steps."""
    for name, items in file.pipelines().items():
        seen = _deployments(items)
        for twice in sorted({each for each in seen if seen.count(each) > 1}):
            yield f"{name} deploys to {twice} more than once"


def environments_come_in_their_order(file: PipelineFile) -> Iterator[str]:
    """Source: Atlassian's validator, parsingState.ts.

    Test before staging before production; the type is the first word of our environments' names.
    """
    for name, items in file.pipelines().items():
        kinds = [_kind(each) for each in _deployments(items)]
        ranks = [TYPES.index(kind) for kind in kinds if kind in TYPES]
        if len(ranks) < len(kinds) or ranks != sorted(ranks):
            yield f"{name} deploys in the order {', '.join(kinds)}"


def a_group_deploys_to_environments_of_one_type(file: PipelineFile) -> Iterator[str]:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/parallel-step-options/."""
    for name, items in file.pipelines().items():
        for group in (item for item in items if "parallel" in item):
            kinds = sorted({_kind(each) for each in _deployments([group])})
            if len(kinds) > 1:
                yield f"{name} deploys to {' and '.join(kinds)} in parallel"


def an_environment_has_a_plain_name(file: PipelineFile) -> Iterator[str]:
    """Source: Atlassian's validator, const.ts and entities.ts."""
    for name, items in file.pipelines().items():
        for each in (each for each in _deployments(items) if not NAME.fullmatch(each)):
            yield f"{name}: only letters, digits, spaces, - and _ are allowed: {each}"


def at_most_ten_environments(file: PipelineFile) -> Iterator[str]:
    """Source: https://bitbucket.org/blog/additional-deployment-environments-for-bitbucket-pipelines.

    Standard and Premium plans allow more.
    """
    names = {each for items in file.pipelines().values() for each in _deployments(items)}
    if len(names) > MOST_ENVIRONMENTS:
        yield f"{len(names)} environments"


RULES = (
    a_deployment_comes_once_in_a_pipeline,
    environments_come_in_their_order,
    a_group_deploys_to_environments_of_one_type,
    an_environment_has_a_plain_name,
    at_most_ten_environments,
)


def _kind(environment: str) -> str:
    return environment.split(maxsplit=1)[0].lower()


def _deployments(items: list[Any]) -> list[str]:
    """The environments that a pipeline deploys to, in its order; a stage has one for its steps."""
    found = []
    for item in items:
        if "stage" in item and "deployment" in item["stage"]:
            found.append(item["stage"]["deployment"])
        found += [step["deployment"] for step in steps([item]) if "deployment" in step]
    return found
