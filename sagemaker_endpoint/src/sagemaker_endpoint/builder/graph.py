"""Puts an ONNX graph together, node by node."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

# Fixed, so that another release of onnx writes the same bytes.
OPSET = 17
IR_VERSION = 8


class Graph:
    """A graph of nodes that have one output each; values are known by their names."""

    def __init__(self) -> None:
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def constant(self, name: str, values: ArrayLike) -> str:
        """Adds numbers, as float32.

        Returns:
            The name.
        """
        array = np.ascontiguousarray(values, np.float32)
        self._constants.append(numpy_helper.from_array(array, name))
        return name

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Adds an operator.

        Returns:
            The name of its output.
        """
        name = f"{operator}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def convolution(
        self,
        value: str,
        name: str,
        weights: NDArray[Any],
        bias: NDArray[Any],
        **attributes: Any,
    ) -> str:
        """Adds a convolution.

        Args:
            value: What it is applied to.
            name: Stem of the names of its constants.
            weights: Of shape (outputs, inputs per group, rows, columns).
            bias: Of shape (outputs).
            **attributes: ONNX's, such as `strides`, `pads` and `group`.

        Returns:
            The name of its output.
        """
        return self.node(
            "Conv",
            value,
            self.constant(f"{name}.weight", weights),
            self.constant(f"{name}.bias", bias),
            kernel_shape=weights.shape[2:],
            **attributes,
        )

    def model(
        self, name: str, given: str, shape: list[str | int], result: str, classes: int
    ) -> ModelProto:
        """Completes the graph.

        Args:
            name: The model's name.
            given: Name of the input.
            shape: Shape of the input.
            result: Name of the value that is the output.
            classes: Length of the output.

        Returns:
            The model, checked.
        """
        graph = helper.make_graph(
            self._nodes,
            name,
            [helper.make_tensor_value_info(given, TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info(result, TensorProto.FLOAT, [shape[0], classes])],
            self._constants,
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="imagelabeller",
        )
        checker.check_model(model, full_check=True)
        return model
