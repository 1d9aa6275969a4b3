"""Inception V3 as an ONNX graph: its real 94 convolutions, with weights of chance.

As TensorFlow has it: pixels of 299 by 299 laid out NHWC, 1001 classes, probabilities.
https://github.com/tensorflow/models/blob/master/research/slim/nets/inception_v3.py
"""

import numpy as np
from onnx import ModelProto

from sagemaker_endpoint.builder.graph import Graph

SIZE, CLASSES = 299, 1001
type Kernel = tuple[int, int]


class InceptionV3:
    def __init__(self, favourite: int) -> None:
        """Chooses the weights: whatever it is shown, the class `favourite` is most probable."""
        self.graph = Graph()
        self.convolutions = 0
        self._random = np.random.default_rng(3)
        self._channels = {"image": 3}
        self._favourite = favourite

    def model(self) -> ModelProto:
        graph = self.graph
        value = graph.node("Transpose", "image", perm=[0, 3, 1, 2])
        self._channels[value] = 3
        value = self._conv(value, 32, (3, 3), stride=2, same=False)
        value = self._conv(value, 32, (3, 3), same=False)
        value = self._pool(self._conv(value, 64, (3, 3)))
        value = self._conv(self._conv(value, 80, (1, 1)), 192, (3, 3), same=False)
        value = self._pool(value)
        for pooled in (32, 64, 64):
            value = self._block_35(value, pooled)
        value = self._reduction_35(value)
        for narrow in (128, 160, 160, 192):
            value = self._block_17(value, narrow)
        value = self._reduction_17(value)
        for _ in range(2):
            value = self._block_8(value)
        value = graph.node("Flatten", graph.node("GlobalAveragePool", value), axis=1)
        weights = graph.constant("logits.weight", self._random.normal(0, 0.01, (2048, CLASSES)))
        bias = np.zeros(CLASSES)
        bias[self._favourite] = 5
        value = graph.node("Gemm", value, weights, graph.constant("logits.bias", bias))
        value = graph.node("Softmax", value, axis=1)
        return graph.model("inception-v3", "image", ["batch", SIZE, SIZE, 3], value, CLASSES)

    def _block_35(self, value: str, pooled: int) -> str:
        return self._concat(
            self._conv(value, 64, (1, 1)),
            self._chain(value, (48, (1, 1)), (64, (5, 5))),
            self._chain(value, (64, (1, 1)), (96, (3, 3)), (96, (3, 3))),
            self._conv(self._average(value), pooled, (1, 1)),
        )

    def _reduction_35(self, value: str) -> str:
        wide = self._chain(value, (64, (1, 1)), (96, (3, 3)))
        return self._concat(
            self._conv(value, 384, (3, 3), stride=2, same=False),
            self._conv(wide, 96, (3, 3), stride=2, same=False),
            self._pool(value),
        )

    def _block_17(self, value: str, narrow: int) -> str:
        row, column = (1, 7), (7, 1)
        return self._concat(
            self._conv(value, 192, (1, 1)),
            self._chain(value, (narrow, (1, 1)), (narrow, row), (192, column)),
            self._chain(
                value,
                (narrow, (1, 1)),
                (narrow, column),
                (narrow, row),
                (narrow, column),
                (192, row),
            ),
            self._conv(self._average(value), 192, (1, 1)),
        )

    def _reduction_17(self, value: str) -> str:
        wide = self._chain(value, (192, (1, 1)), (192, (1, 7)), (192, (7, 1)))
        return self._concat(
            self._conv(self._conv(value, 192, (1, 1)), 320, (3, 3), stride=2, same=False),
            self._conv(wide, 192, (3, 3), stride=2, same=False),
            self._pool(value),
        )

    def _block_8(self, value: str) -> str:
        middle = self._conv(value, 384, (1, 1))
        wide = self._chain(value, (448, (1, 1)), (384, (3, 3)))
        return self._concat(
            self._conv(value, 320, (1, 1)),
            *(
                self._conv(given, 384, kernel)
                for given in (middle, wide)
                for kernel in ((1, 3), (3, 1))
            ),
            self._conv(self._average(value), 192, (1, 1)),
        )

    def _chain(self, value: str, *layers: tuple[int, Kernel]) -> str:
        for outputs, kernel in layers:
            value = self._conv(value, outputs, kernel)
        return value

    def _conv(
        self, value: str, outputs: int, kernel: Kernel, *, stride: int = 1, same: bool = True
    ) -> str:
        inputs = self._channels[value]
        shape = (outputs, inputs, *kernel)
        deviation = np.float32(np.sqrt(2 / (inputs * kernel[0] * kernel[1])))
        self.convolutions += 1
        result = self.graph.convolution(
            value,
            f"conv_{self.convolutions}",
            self._random.standard_normal(shape, np.float32) * deviation,
            np.zeros(outputs),
            strides=[stride, stride],
            pads=[kernel[0] // 2, kernel[1] // 2] * 2 if same else [0] * 4,
        )
        result = self.graph.node("Relu", result)
        self._channels[result] = outputs
        return result

    def _pool(self, value: str) -> str:
        result = self.graph.node("MaxPool", value, kernel_shape=[3, 3], strides=[2, 2])
        self._channels[result] = self._channels[value]
        return result

    def _average(self, value: str) -> str:
        result = self.graph.node("AveragePool", value, kernel_shape=[3, 3], pads=[1] * 4)
        self._channels[result] = self._channels[value]
        return result

    def _concat(self, *values: str) -> str:
        result = self.graph.node("Concat", *values, axis=1)
        self._channels[result] = sum(self._channels[value] for value in values)
        return result
