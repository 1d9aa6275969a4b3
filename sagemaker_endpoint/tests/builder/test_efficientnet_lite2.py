from typing import Any

import numpy as np
import onnxruntime as ort
import pytest
from numpy.typing import NDArray

from sagemaker_endpoint.builder import efficientnet_lite2, sources
from sagemaker_endpoint.builder.torch_pickle import load_state_dict
from sagemaker_endpoint.errors import BuildError


@pytest.fixture(scope="module")
def weights() -> dict[str, NDArray[Any]]:
    return dict(load_state_dict(sources.read_weights()))


def test_its_blocks_are_those_of_depth_1_2() -> None:
    blocks = list(efficientnet_lite2.blocks())

    assert len(blocks) == 21
    assert [stride for _, stride, _ in blocks].count(2) == 4
    assert blocks[0] == (3, 1, False)
    assert all(widens for _, _, widens in blocks[1:])


def test_every_weight_has_its_place(weights: dict[str, NDArray[Any]]) -> None:
    model = efficientnet_lite2.build(weights)

    # batch normalisation is folded into the convolutions, which get a bias by it
    convolutions = {name for name in weights if name.endswith("weight") and weights[name].ndim == 4}
    expected = {"zero", "six", "_fc.weight", "_fc.bias"} | convolutions
    expected |= {name.replace(".weight", ".bias") for name in convolutions}
    assert {constant.name for constant in model.graph.initializer} == expected


def test_kernels_have_the_size_of_their_stage(weights: dict[str, NDArray[Any]]) -> None:
    for index, (kernel, _, _) in enumerate(efficientnet_lite2.blocks()):
        assert weights[f"_blocks.{index}._depthwise_conv.weight"].shape[2:] == (kernel, kernel)


def test_pictures_may_come_in_batches(weights: dict[str, NDArray[Any]]) -> None:
    model = efficientnet_lite2.build(weights).SerializeToString()
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    pictures = np.random.default_rng(0).uniform(-1, 1, (3, 3, 260, 260)).astype(np.float32)

    (together,) = session.run(None, {"image": pictures})
    (alone,) = session.run(None, {"image": pictures[1:2]})

    assert np.asarray(together).shape == (3, 1000)
    assert np.allclose(np.asarray(together)[1], np.asarray(alone)[0], atol=1e-4)


def test_weights_of_another_model_are_refused(weights: dict[str, NDArray[Any]]) -> None:
    less = {name: array for name, array in weights.items() if not name.startswith("_blocks.20.")}

    with pytest.raises(BuildError, match="they are not EfficientNet-Lite2's"):
        efficientnet_lite2.build(less)


def test_weights_of_a_deeper_model_are_refused(weights: dict[str, NDArray[Any]]) -> None:
    more = {**weights, "_blocks.21._project_conv.weight": np.zeros((1, 1, 1, 1))}

    with pytest.raises(BuildError, match="more blocks than EfficientNet-Lite2"):
        efficientnet_lite2.build(more)
