"""Rules on the files that a step keeps for later ones."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from conformance.pipeline_file import PipelineFile, Step, steps


def artifacts_are_below_the_clone(file: PipelineFile) -> Iterator[str]:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/use-artifacts-in-steps/."""
    for name, step in file.steps():
        for path in _artifacts(step):
            parts = PurePosixPath(path).parts
            if path.startswith(("/", "~", "$")) or {".", ".."} & {*parts, path.split("/")[0]}:
                yield f"{name}: the artifact {path} is not a path below the clone"


def a_step_that_uses_artifacts_comes_after_the_group_that_makes_them(
    file: PipelineFile,
) -> Iterator[str]:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/use-artifacts-in-steps/.

    Steps of one parallel group may not see each other's artifacts, so none of ours makes any there.
    """
    for name, items in file.pipelines().items():
        for group in (item for item in items if "parallel" in item):
            if any(_artifacts(step) for step in steps([group])):
                yield f"{name}: a step of a parallel group makes artifacts"


RULES = (
    artifacts_are_below_the_clone,
    a_step_that_uses_artifacts_comes_after_the_group_that_makes_them,
)


def _artifacts(step: Step) -> list[str]:
    """The paths of a step's artifacts, in each of the forms that there are."""
    artifacts = step.get("artifacts", [])
    if isinstance(artifacts, dict):
        artifacts = artifacts.get("upload", artifacts.get("paths", []))
    found: list[str] = []
    for each in artifacts:
        found += each.get("paths", []) if isinstance(each, dict) else [each]
    return found
