import json
from typing import Any

import msgspec
import pytest

from sagemaker_endpoint.builder.build import DESCRIPTION
from sagemaker_endpoint.description import Description
from sagemaker_endpoint.errors import PackageError


def document(**parts: Any) -> dict[str, Any]:
    """The least that a description must say, with other fields."""
    least: dict[str, Any] = {
        "schema": 1,
        "name": "colours",
        "version": "1",
        "license": "CC0-1.0",
        "input": {"size": 8, "layout": "NCHW"},
        "preprocessing": {"crop": "none", "resampling": "bilinear"},
        "output": {"kind": "logits"},
    }
    for name, value in parts.items():
        least[name] = {**least[name], **value} if isinstance(value, dict) else value
    return least


def test_the_least_description_leaves_the_picture_as_it_is() -> None:
    description = Description.from_json(json.dumps(document()).encode())

    assert description.input.channels == "RGB"
    assert description.preprocessing.mean == (0.0, 0.0, 0.0)
    assert description.preprocessing.std == (1.0, 1.0, 1.0)
    assert description.preprocessing.crop_fraction == 1
    assert not description.output.background


def test_a_description_survives_writing_and_reading() -> None:
    assert Description.from_json(DESCRIPTION.to_json()) == DESCRIPTION


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ({"schema": 2}, "$.schema"),
        ({"name": ""}, "$.name"),
        ({"name": None}, "$.name"),
        ({"input": {"size": 0}}, "$.input.size"),
        ({"input": {"size": "260"}}, "$.input.size"),
        ({"input": {"layout": "HWC"}}, "$.input.layout"),
        ({"input": {"channels": "YUV"}}, "$.input.channels"),
        ({"preprocessing": {"crop": "random"}}, "$.preprocessing.crop"),
        ({"preprocessing": {"crop_fraction": 0}}, "$.preprocessing.crop_fraction"),
        ({"preprocessing": {"crop_fraction": 1.5}}, "$.preprocessing.crop_fraction"),
        ({"preprocessing": {"resampling": "box"}}, "$.preprocessing.resampling"),
        ({"preprocessing": {"mean": [1, 2]}}, "$.preprocessing.mean"),
        ({"preprocessing": {"std": [1, 0, 1]}}, "$.preprocessing.std[1]"),
        ({"output": {"kind": "scores"}}, "$.output.kind"),
        ({"output": {"softmax": True}}, "$.output"),
        ({"weights": "model.bin"}, "unknown field `weights`"),
    ],
)
def test_what_is_wrong_is_named(parts: dict[str, Any], where: str) -> None:
    with pytest.raises(PackageError) as refusal:
        Description.from_json(json.dumps(document(**parts)).encode())

    assert where in str(refusal.value)
    assert str(refusal.value).startswith("model.json is not a model description: ")


@pytest.mark.parametrize("name", list(document()))
def test_what_is_missing_is_named(name: str) -> None:
    incomplete = document()
    del incomplete[name]

    with pytest.raises(PackageError, match=f"missing required field `{name}`"):
        Description.from_json(json.dumps(incomplete).encode())


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"schema": 1'])
def test_what_is_no_document_is_refused(text: bytes) -> None:
    with pytest.raises(PackageError, match=r"model\.json is not a model description"):
        Description.from_json(text)


def test_the_schema_can_be_had_as_json_schema() -> None:
    schema = msgspec.json.schema(Description)

    assert set(schema["$defs"]["Description"]["required"]) == set(document())
