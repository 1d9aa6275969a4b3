"""Quantises a graph to integers of 8 bits, with ranges that photographs show.

Static quantisation, as `QuantizeLinear` and `DequantizeLinear` around each operator (QDQ), with a
scale for each channel of the weights.
https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html
"""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
    shape_inference,
)

from sagemaker_endpoint.decoding import decode
from sagemaker_endpoint.description import Description
from sagemaker_endpoint.errors import BuildError, ImageError
from sagemaker_endpoint.preprocessing import to_tensor

type Tensor = NDArray[np.float32]

FEWEST = 3


def quantise(model: ModelProto, description: Description, photographs: Sequence[bytes]) -> bytes:
    """Makes a graph of integers out of one of floating point, with the same input and output.

    Args:
        model: The graph.
        description: How a picture becomes its input.
        photographs: Image files, FEWEST or more; the ranges of the activations are those that
            occur in them.

    Returns:
        The quantised graph, serialised.

    Raises:
        BuildError: There are too few photographs, or one of them is none.
    """
    if len(photographs) < FEWEST:
        raise BuildError(
            f"Quantising takes {FEWEST} photographs or more, and {len(photographs)} were given."
        )
    tensors = _Tensors(
        model.graph.input[0].name,
        [tensor for photograph in photographs for tensor in _views(photograph, description)],
    )
    with tempfile.TemporaryDirectory() as directory:
        given, prepared, result = (
            str(Path(directory, f"{name}.onnx")) for name in ("given", "prepared", "result")
        )
        onnx.save(model, given)
        shape_inference.quant_pre_process(
            given, prepared, skip_optimization=True, skip_symbolic_shape=True
        )
        quantize_static(
            prepared,
            result,
            tensors,
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            # Seven bits: where a processor has no instructions for neural networks (VNNI), the sum
            # of two products of eight bits exceeds what its sixteen bits hold.
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )
        quantised: ModelProto = onnx.load(result)
        content: bytes = quantised.SerializeToString(deterministic=True)
        return content


def read_photographs(directory: Path) -> list[bytes]:
    """Reads the JPEG files of a directory, in the order of their names.

    Raises:
        BuildError: It cannot be read.
    """
    try:
        return [file.read_bytes() for file in sorted(directory.iterdir()) if file.suffix == ".jpg"]
    except OSError as error:
        raise BuildError(f"{directory} cannot be read: {error.strerror}.") from error


def _views(photograph: bytes, description: Description) -> Iterator[Tensor]:
    """The picture, and its four quarters and its middle, which show other ranges."""
    try:
        picture = decode(photograph, at_least=2 * description.input.size)
    except ImageError as error:
        raise BuildError(f"A photograph cannot be used: {error}") from error
    width, height = picture.size
    yield to_tensor(picture, description)
    for left, upper in ((0, 0), (2, 0), (0, 2), (2, 2), (1, 1)):
        box = (left * width // 4, upper * height // 4)
        part = picture.crop((*box, box[0] + width // 2, box[1] + height // 2))
        yield to_tensor(part, description)


class _Tensors(CalibrationDataReader):  # type: ignore[misc] # it ships no types
    def __init__(self, name: str, tensors: Sequence[Tensor]) -> None:
        self._feeds = iter([{name: tensor} for tensor in tensors])

    def get_next(self) -> dict[str, Tensor] | None:
        return next(self._feeds, None)
