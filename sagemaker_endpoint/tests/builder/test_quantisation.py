from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import ModelProto, numpy_helper

from sagemaker_endpoint.builder.graph import Graph
from sagemaker_endpoint.builder.quantisation import quantise, read_photographs
from sagemaker_endpoint.cli import main
from sagemaker_endpoint.errors import BuildError
from sagemaker_endpoint.preprocessing import preprocess
from tests.samples import CHELSEA, COFFEE, PHOTOS, changed

PHOTOGRAPHS = read_photographs(PHOTOS)
DESCRIPTION = changed(preprocessing={"mean": (127.0,) * 3, "std": (128.0,) * 3})


@pytest.fixture(scope="module")
def model() -> ModelProto:
    """A convolution whose channels differ a thousandfold, and a layer on top."""
    random = np.random.default_rng(0)
    graph = Graph()
    weights = random.normal(size=(8, 3, 3, 3)) * np.logspace(-3, 0, 8)[:, None, None, None]
    value = graph.convolution("image", "first", weights, np.zeros(8), pads=[1, 1, 1, 1])
    value = graph.node("Flatten", graph.node("GlobalAveragePool", value), axis=1)
    final = graph.constant("final", random.normal(size=(8, 4)))
    return graph.model("tiny", "image", ["batch", 3, 8, 8], graph.node("MatMul", value, final), 4)


@pytest.fixture(scope="module")
def quantised(model: ModelProto) -> bytes:
    return quantise(model, DESCRIPTION, PHOTOGRAPHS)


def test_its_weights_are_integers_with_a_scale_for_each_channel(quantised: bytes) -> None:
    constants = {
        constant.name: numpy_helper.to_array(constant)
        for constant in onnx.load_from_string(quantised).graph.initializer
    }

    (weights,) = (each for each in constants.values() if each.shape == (8, 3, 3, 3))
    assert weights.dtype == np.int8
    # seven bits, and all of them used in every channel
    assert np.abs(weights).max(axis=(1, 2, 3)).tolist() == [64] * 8
    assert constants["first.weight_scale"].shape == (8,)


@pytest.mark.parametrize("photograph", [CHELSEA, COFFEE])
def test_it_computes_nearly_the_same(
    model: ModelProto, quantised: bytes, photograph: bytes
) -> None:
    tensor = preprocess(photograph, DESCRIPTION)

    exact, nearly = (
        np.asarray(ort.InferenceSession(each).run(None, {"image": tensor})[0])
        for each in (model.SerializeToString(), quantised)
    )

    assert np.abs(nearly - exact).max() < 0.05 * np.abs(exact).max()
    assert not np.array_equal(nearly, exact)


def test_the_same_photographs_give_the_same_bytes(model: ModelProto, quantised: bytes) -> None:
    assert quantise(model, DESCRIPTION, PHOTOGRAPHS) == quantised


@pytest.mark.parametrize(
    ("photographs", "message"),
    [
        (PHOTOGRAPHS[:2], "takes 3 photographs or more, and 2 were given"),
        ([*PHOTOGRAPHS, b"text"], "A photograph cannot be used: This is no image"),
    ],
)
def test_photographs_of_no_use_are_refused(
    model: ModelProto, photographs: list[bytes], message: str
) -> None:
    with pytest.raises(BuildError, match=message):
        quantise(model, DESCRIPTION, photographs)


def test_the_command_says_that_a_directory_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "model.tar.gz"

    code = main(["build", "--output", str(output), "--quantise-by", str(tmp_path / "photographs")])

    assert code == 2
    assert "photographs cannot be read: No such file or directory." in capsys.readouterr().err
    assert not output.exists()
