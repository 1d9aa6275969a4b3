import numpy as np
import onnxruntime as ort
import pytest
from onnx import checker

from sagemaker_endpoint.builder.graph import IR_VERSION, OPSET, Graph


def test_a_graph_computes_what_its_nodes_say() -> None:
    graph = Graph()
    weights, bias = np.full((2, 1, 1, 1), 3), np.array([1, -1])
    value = graph.convolution("image", "first", weights, bias, strides=[1, 1])
    value = graph.node("Flatten", graph.node("GlobalAveragePool", value), axis=1)

    model = graph.model("test", "image", ["batch", 1, 2, 2], value, 2)

    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (result,) = session.run(None, {"image": np.full((5, 1, 2, 2), 2, np.float32)})
    assert np.asarray(result).tolist() == [[7, 5]] * 5


def test_a_graph_is_of_a_fixed_version() -> None:
    graph = Graph()

    model = graph.model("test", "image", [1, 3], graph.node("Softmax", "image", axis=1), 3)

    assert model.ir_version == IR_VERSION
    assert [opset.version for opset in model.opset_import] == [OPSET]


def test_what_onnx_does_not_know_is_refused() -> None:
    graph = Graph()

    with pytest.raises(checker.ValidationError):
        graph.model("test", "image", [1, 3], graph.node("Guess", "image"), 3)
