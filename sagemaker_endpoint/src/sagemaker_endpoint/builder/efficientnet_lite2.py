"""EfficientNet-Lite2 as an ONNX graph: inverted residual blocks, ReLU6, no squeeze-and-excitation.

https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
"""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto

from sagemaker_endpoint.builder.graph import Graph
from sagemaker_endpoint.errors import BuildError

SIZE = 260
DEPTH = 1.2
EPSILON = 1e-3  # of batch normalisation

# Kernel size, stride of the first block, whether the block widens first, blocks before scaling.
STAGES = (
    (3, 1, False, 1),
    (3, 2, True, 2),
    (5, 2, True, 2),
    (3, 2, True, 3),
    (5, 1, True, 3),
    (5, 2, True, 4),
    (3, 1, True, 1),
)

type StateDict = Mapping[str, NDArray[Any]]


def build(state: StateDict) -> ModelProto:
    """Turns the weights into a graph from a picture to its logits.

    Args:
        state: The weights, by their names in efficientnet_lite_pytorch.

    Returns:
        A model of a (batch, 3, 260, 260) input and a (batch, 1000) output.

    Raises:
        BuildError: The weights are not those of EfficientNet-Lite2.
    """
    try:
        return _Builder(state).build()
    except KeyError as error:
        raise BuildError(f"The weights lack {error}: they are not EfficientNet-Lite2's.") from error


def blocks() -> Iterator[tuple[int, int, bool]]:
    """Every block's kernel size, stride and whether it widens first.

    Lite models deepen all stages but the first and the last.
    """
    for index, (kernel, stride, widens, count) in enumerate(STAGES):
        fixed = index in {0, len(STAGES) - 1}
        for block in range(count if fixed else ceil(DEPTH * count)):
            yield kernel, stride if block == 0 else 1, widens


class _Builder:
    def __init__(self, state: StateDict) -> None:
        self._state = state
        self._graph = Graph()
        self._size = SIZE

    def build(self) -> ModelProto:
        graph, state = self._graph, self._state
        graph.constant("zero", 0)
        graph.constant("six", 6)
        value = self._relu6(self._convolution("image", "_conv_stem", "_bn0", stride=2))
        index = 0
        for index, (_, stride, widens) in enumerate(blocks()):
            value = self._block(value, f"_blocks.{index}", stride=stride, widens=widens)
        if f"_blocks.{index + 1}._project_conv.weight" in state:
            raise BuildError("The weights have more blocks than EfficientNet-Lite2.")
        value = self._relu6(self._convolution(value, "_conv_head", "_bn1"))
        value = graph.node("Flatten", graph.node("GlobalAveragePool", value), axis=1)
        weight = graph.constant("_fc.weight", state["_fc.weight"])
        logits = graph.node(
            "Gemm", value, weight, graph.constant("_fc.bias", state["_fc.bias"]), transB=1
        )
        shape: list[str | int] = ["batch", 3, SIZE, SIZE]
        return graph.model("efficientnet-lite2", "image", shape, logits, state["_fc.bias"].size)

    def _block(self, value: str, name: str, *, stride: int, widens: bool) -> str:
        given = value
        if widens:
            value = self._relu6(self._convolution(value, f"{name}._expand_conv", f"{name}._bn0"))
        value = self._convolution(value, f"{name}._depthwise_conv", f"{name}._bn1", stride=stride)
        value = self._convolution(self._relu6(value), f"{name}._project_conv", f"{name}._bn2")
        first = "_expand_conv" if widens else "_depthwise_conv"
        channels_in = self._state[f"{name}.{first}.weight"].shape[1 if widens else 0]
        channels_out = self._state[f"{name}._project_conv.weight"].shape[0]
        if stride == 1 and channels_in == channels_out:
            return self._graph.node("Add", value, given)
        return value

    def _convolution(self, value: str, name: str, norm: str, *, stride: int = 1) -> str:
        """A convolution padded as TensorFlow's SAME, its batch normalisation folded in."""
        mean, variance, gamma, beta = (
            self._state[f"{norm}.{part}"].astype(np.float64)
            for part in ("running_mean", "running_var", "weight", "bias")
        )
        scale = gamma / np.sqrt(variance + EPSILON)
        weights = self._state[f"{name}.weight"].astype(np.float64) * scale[:, None, None, None]
        kernel = weights.shape[2]
        result = ceil(self._size / stride)
        padding = max((result - 1) * stride + kernel - self._size, 0)
        self._size = result
        return self._graph.convolution(
            value,
            name,
            weights,
            beta - mean * scale,
            strides=[stride, stride],
            pads=[padding // 2] * 2 + [padding - padding // 2] * 2,
            group=weights.shape[0] if name.endswith("_depthwise_conv") else 1,
        )

    def _relu6(self, value: str) -> str:
        return self._graph.node("Clip", value, "zero", "six")
