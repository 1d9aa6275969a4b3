"""Runs a model package's graph over images."""

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from sagemaker_endpoint.errors import PackageError
from sagemaker_endpoint.package import Package
from sagemaker_endpoint.preprocessing import preprocess

INPUT_TYPES: dict[str, type[np.generic]] = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(uint8)": np.uint8,
}


class Classifier:
    """A model, loaded; may be used from several threads at once.

    Attributes:
        description: The model's description.
        labels: Class names, in the order of the probabilities.
    """

    def __init__(self, package: Package, *, threads: int = 1) -> None:
        """Loads the graph and runs it once, so that what does not fit is found at the start.

        Args:
            package: The model package.
            threads: Threads that one image is spread over. One is best where images come in
                parallel: a thread per image wastes nothing on waiting for the others.

        Raises:
            PackageError: The graph cannot be loaded, or contradicts the description or labels.
        """
        self.description = package.description
        self.labels = package.labels
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = ort.InferenceSession(
                package.graph, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime has no public base of its exceptions
            raise PackageError(f"model.onnx cannot be loaded: {error}") from error
        self._input, self._type = self._find_input()
        self._output = self._find_output()
        self._try()

    def classify(self, data: bytes) -> NDArray[np.float32]:
        """Classifies one image.

        Args:
            data: An image file.

        Returns:
            The probability of each class, in the order of the labels.

        Raises:
            ImageError: The bytes are no image that can be decoded.
        """
        return self._run(preprocess(data, self.description))

    def _run(self, tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        feed = {self._input: tensor.astype(self._type, copy=False)}
        (result,) = self._session.run([self._output], feed)
        scores = np.asarray(result, np.float32).reshape(-1)
        if self.description.output.kind == "probabilities":
            return scores
        exponentials: NDArray[np.float32] = np.exp(scores - scores.max())
        exponentials /= exponentials.sum()
        return exponentials

    def _find_input(self) -> tuple[str, type[np.generic]]:
        inputs = self._session.get_inputs()
        if len(inputs) != 1:
            raise PackageError(
                f"model.onnx takes {len(inputs)} inputs, and a classifier takes one."
            )
        if inputs[0].type not in INPUT_TYPES:
            raise PackageError(
                f"model.onnx takes a {inputs[0].type}, not one of {list(INPUT_TYPES)}."
            )
        expected = self._shape()
        actual = inputs[0].shape
        if len(actual) != len(expected) or any(
            isinstance(has, int) and has != wants
            for has, wants in zip(actual, expected, strict=True)
        ):
            raise PackageError(
                f"model.onnx takes a tensor of {actual}, but model.json describes {list(expected)}."
            )
        return inputs[0].name, INPUT_TYPES[inputs[0].type]

    def _find_output(self) -> str:
        names = [output.name for output in self._session.get_outputs()]
        name = self.description.output.name or names[0]
        if name not in names:
            raise PackageError(f"model.onnx has no output {name!r}; it has {names}.")
        return name

    def _try(self) -> None:
        try:
            scores = self._run(np.zeros(self._shape(), np.float32))
        except Exception as error:  # ONNX Runtime has no public base of its exceptions
            raise PackageError(f"model.onnx cannot be run: {error}") from error
        if scores.size != len(self.labels):
            raise PackageError(
                f"model.onnx knows {scores.size} classes, but labels.txt names {len(self.labels)}."
            )
        if not np.isclose(scores.sum(), 1, atol=0.01) or scores.min() < 0:
            raise PackageError(
                "model.onnx gives no probabilities; model.json should say that they are logits."
            )

    def _shape(self) -> tuple[int, int, int, int]:
        size = self.description.input.size
        return (1, 3, size, size) if self.description.input.layout == "NCHW" else (1, size, size, 3)
