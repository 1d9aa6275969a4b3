"""Packages fit the machine that runs them."""

import sys

import pytest

from local_aws.deploying import platforms
from local_aws.deploying.platforms import LAMBDA, Target


def test_where_lambda_s_package_runs_nothing_differs() -> None:
    assert platforms.overrides(LAMBDA) == []


@pytest.mark.parametrize(
    ("host", "variables", "architecture"),
    [
        (
            Target("3.12", "x86_64-manylinux_2_28"),
            ["PACKAGE_PYTHON=3.12", "PACKAGE_PLATFORM=x86_64-manylinux_2_28"],
            "x86_64",
        ),
        (
            Target("3.13", "aarch64-apple-darwin"),
            ["PACKAGE_PYTHON=3.13", "PACKAGE_PLATFORM=aarch64-apple-darwin"],
            "arm64",
        ),
    ],
)
def test_elsewhere_make_is_reported(host: Target, variables: list[str], architecture: str) -> None:
    assert platforms.overrides(host) == variables
    assert host.architecture == architecture


def test_this_machine_is_described() -> None:
    host = platforms.of_host()

    assert host.python == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert host.platform.split("-")[0] in {"x86_64", "aarch64"}
