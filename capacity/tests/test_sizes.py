"""The parameter files of the sizes, as CloudFormation would take them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from local_aws.project import components, parameters
from local_aws.project.components import Component
from local_aws.settings import ROOT

COMPONENTS = components.discover(ROOT)
FILES = sorted(ROOT.glob(f"*/{parameters.SIZES}/*.yml"))


def _refusal(declared: dict[str, Any], value: str) -> str:
    """Return why CloudFormation would refuse a value of a parameter; empty where it would not."""
    if "AllowedValues" in declared:
        return "" if value in map(str, declared["AllowedValues"]) else "is not allowed"
    if "AllowedPattern" in declared and not re.fullmatch(declared["AllowedPattern"], value):
        return "does not match"
    if declared["Type"] == "Number":
        number = float(value)
        low, high = declared.get("MinValue", number), declared.get("MaxValue", number)
        return "" if float(low) <= number <= float(high) else "is out of bounds"
    return ""


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-4]}-{file.stem}")
def test_the_template_accepts_every_value_of_a_size(file: Path) -> None:
    declared = COMPONENTS[file.parts[-4]].template["Parameters"]

    for name, value in yaml.safe_load(file.read_text()).items():
        assert name in declared, name
        assert not _refusal(declared[name], str(value)), (name, value)


def test_what_a_template_does_not_accept_is_found() -> None:
    declared = COMPONENTS["sagemaker_endpoint"].template["Parameters"]

    assert _refusal(declared["MaxConcurrency"], "201") == "is out of bounds"
    assert _refusal(declared["InferenceType"], "Fast") == "is not allowed"
    assert _refusal(COMPONENTS["dynamodb_infra"].template["Parameters"]["WarmWriteUnits"], "1")


def test_every_file_is_that_of_a_size_and_of_a_component_with_a_stack() -> None:
    assert {file.stem for file in FILES} == set(parameters.sizes(COMPONENTS.values()))
    assert all(isinstance(COMPONENTS[file.parts[-4]], Component) for file in FILES)
