"""Rules on what a step takes: caches, services, memory, time and history."""

import re
from collections.abc import Iterator
from typing import Any

from conformance.pipeline_file import PipelineFile

MOST_MINUTES = 120
MOST_SERVICES = 5
SIZES = {"1x": 1, "2x": 2}
MEGABYTES_OF_A_STEP = 4096
MEGABYTES_OF_A_SERVICE = 1024
MEGABYTES_OF_THE_BUILD = 1024
# Source: https://support.atlassian.com/bitbucket-cloud/docs/cache-dependencies/
PREDEFINED_CACHES = {
    *("composer", "docker", "dotnetcore", "gradle", "ivy2", "maven", "node", "pip", "sbt"),
}
CACHE = re.compile(r"(?!-)[-a-z0-9]*[a-z0-9]")


def caches_are_predefined_or_defined(file: PipelineFile) -> Iterator[str]:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/cache-dependencies/."""
    defined = set(_definitions(file, "caches"))
    for name, step in file.steps():
        for cache in step.get("caches", []):
            if cache not in PREDEFINED_CACHES | defined:
                yield f"{name}: nothing says what the cache {cache} is"


def a_cache_has_a_plain_name(file: PipelineFile) -> Iterator[str]:
    """Source: Atlassian's validator, entities.ts."""
    for name in _definitions(file, "caches"):
        if name == "docker" or not CACHE.fullmatch(name):
            yield f"{name} is no name for a cache"


def a_cache_of_docker_comes_with_its_service(file: PipelineFile) -> Iterator[str]:
    """Source: Atlassian's validator, validator.ts."""
    everywhere = (file.document.get("options") or {}).get("docker")
    for name, step in file.steps():
        has = everywhere or "docker" in step.get("services", [])
        if "docker" in step.get("caches", []) and not has:
            yield f"{name}: the cache docker without the service docker"


def services_are_defined_and_few(file: PipelineFile) -> Iterator[str]:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/databases-and-service-containers/."""
    defined = {*_definitions(file, "services"), "docker"}
    for name, step in file.steps():
        used = step.get("services", [])
        if len(used) > MOST_SERVICES or set(used) - defined:
            yield f"{name}: services {', '.join(used)}"


def services_leave_memory_for_the_build(file: PipelineFile) -> Iterator[str]:
    """Source: Atlassian's validator, validator.ts and parsingState.ts."""
    defined = _definitions(file, "services")
    for name, step in file.steps():
        size = step.get("size", (file.document.get("options") or {}).get("size", "1x"))
        taken = sum(
            (defined.get(each) or {}).get("memory", MEGABYTES_OF_A_SERVICE)
            for each in step.get("services", [])
        )
        left = SIZES.get(size, 1) * MEGABYTES_OF_A_STEP - taken
        if left < MEGABYTES_OF_THE_BUILD:
            yield f"{name}: the services leave {left} MB for the build"


def a_step_takes_at_most_two_hours(file: PipelineFile) -> Iterator[str]:
    """Source: Atlassian's validator, validator.ts.

    Paid plans allow 720 minutes:
    https://support.atlassian.com/bitbucket-cloud/kb/bitbucket-pipeline-is-failing-with-exceeded-build-time-limit-error/
    """
    limits = [("options", file.document.get("options") or {}), *file.steps()]
    for name, where in limits:
        minutes = where.get("max-time", MOST_MINUTES)
        if not (type(minutes) is int and 1 <= minutes <= MOST_MINUTES):
            yield f"{name}: max-time {minutes} is not a number of minutes from 1 to {MOST_MINUTES}"


def a_size_is_one_of_the_free_plan(file: PipelineFile) -> Iterator[str]:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/limitations-of-bitbucket-pipelines/."""
    for name, where in [("options", file.document.get("options") or {}), *file.steps()]:
        if where.get("size", "1x") not in SIZES:
            yield f"{name}: the Free plan has no size {where['size']}"


def a_clone_has_a_depth(file: PipelineFile) -> Iterator[str]:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/git-clone-behavior/."""
    for name, where in [("clone", file.document), *file.steps()]:
        depth = (where.get("clone") or {}).get("depth", "full")
        if depth != "full" and not (type(depth) is int and depth > 0):
            yield f"{name}: the depth {depth} is neither full nor a number above 0"


RULES = (
    caches_are_predefined_or_defined,
    a_cache_has_a_plain_name,
    a_cache_of_docker_comes_with_its_service,
    services_are_defined_and_few,
    services_leave_memory_for_the_build,
    a_step_takes_at_most_two_hours,
    a_size_is_one_of_the_free_plan,
    a_clone_has_a_depth,
)


def _definitions(file: PipelineFile, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = (file.document.get("definitions") or {}).get(kind) or {}
    return found
