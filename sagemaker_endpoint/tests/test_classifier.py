from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from onnx import TensorProto, helper

from sagemaker_endpoint.classifier import Classifier
from sagemaker_endpoint.errors import ImageError, PackageError
from sagemaker_endpoint.package import Package
from tests.samples import (
    CHELSEA,
    COFFEE,
    COLOURS,
    DESCRIPTION,
    PHOTOS,
    changed,
    colour_graph,
    colours,
    encoded,
    plain,
)


class TestEfficientNetLite2:
    @pytest.mark.parametrize(
        ("photo", "label", "probability"),
        [("chelsea.jpg", "Egyptian cat", 0.559), ("coffee.jpg", "espresso", 0.893)],
    )
    def test_it_knows_what_a_photograph_shows(
        self, classifier: Classifier, photo: str, label: str, probability: float
    ) -> None:
        probabilities = classifier.classify((PHOTOS / photo).read_bytes())

        best = probabilities.argmax()
        assert classifier.labels[best] == label
        assert probabilities[best] == pytest.approx(probability, abs=0.002)

    def test_it_is_unsure_of_the_rocket(self, classifier: Classifier) -> None:
        assert classifier.classify((PHOTOS / "rocket.jpg").read_bytes()).max() < 0.2

    def test_its_classes_are_in_the_order_of_imagenet(self, classifier: Classifier) -> None:
        expected = {
            0: "tench",
            151: "Chihuahua",
            285: "Egyptian cat",
            967: "espresso",
            999: "toilet tissue",
        }

        assert len(classifier.labels) == 1000
        assert {index: classifier.labels[index] for index in expected} == expected

    def test_its_probabilities_sum_to_one(self, classifier: Classifier) -> None:
        probabilities = classifier.classify(CHELSEA)

        assert probabilities.shape == (1000,)
        assert probabilities.dtype == np.float32
        assert probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert probabilities.min() >= 0

    def test_threads_may_share_it(self, classifier: Classifier) -> None:
        alone = [classifier.classify(photo) for photo in (CHELSEA, COFFEE)]

        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(classifier.classify, [CHELSEA, COFFEE] * 6))

        for index, probabilities in enumerate(together):
            assert np.array_equal(probabilities, alone[index % 2])


class TestAnyModel:
    @pytest.mark.parametrize("colour", ["red", "lime", "blue"])
    @pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
    @pytest.mark.parametrize("type_", [TensorProto.FLOAT, TensorProto.FLOAT16])
    def test_probabilities_align_with_labels(self, colour: str, layout: str, type_: int) -> None:
        classifier = Classifier(colours(changed(input={"layout": layout}), type_))

        probabilities = classifier.classify(encoded(plain(colour)))

        assert COLOURS[probabilities.argmax()] == {"lime": "green"}.get(colour, colour)
        assert probabilities.max() == pytest.approx(1, abs=1e-3)

    def test_a_graph_may_take_bytes(self) -> None:
        how = changed(preprocessing={"std": (1.0, 1.0, 1.0)})

        classifier = Classifier(colours(how, TensorProto.UINT8))

        assert COLOURS[classifier.classify(encoded(plain("blue"))).argmax()] == "blue"

    def test_a_graph_may_give_probabilities_of_its_own(self) -> None:
        own = Classifier(colours(changed(output={"kind": "probabilities", "name": "shares"})))

        image = encoded(plain("purple"))

        assert own.classify(image) == pytest.approx(Classifier(colours()).classify(image))

    def test_what_is_no_image_is_refused(self) -> None:
        with pytest.raises(ImageError):
            Classifier(colours()).classify(b"nonsense")


class TestContradictions:
    @pytest.mark.parametrize("graph", [b"", b"nonsense", colours().graph[:-20]])
    def test_a_graph_must_be_one(self, graph: bytes) -> None:
        with pytest.raises(PackageError, match=r"model\.onnx cannot be loaded"):
            Classifier(Package(DESCRIPTION, COLOURS, graph))

    def test_labels_must_be_as_many_as_classes(self) -> None:
        with pytest.raises(PackageError, match=r"knows 3 classes, but labels\.txt names 2"):
            Classifier(Package(DESCRIPTION, COLOURS[:2], colours().graph))

    @pytest.mark.parametrize("part", [{"size": 16}, {"layout": "NHWC"}])
    def test_the_input_must_be_as_described(self, part: dict[str, object]) -> None:
        with pytest.raises(PackageError, match=r"takes a tensor of .*, but model\.json describes"):
            Classifier(Package(changed(input=part), COLOURS, colours().graph))

    def test_the_input_must_be_numbers_that_a_picture_has(self) -> None:
        with pytest.raises(PackageError, match=r"takes a tensor\(double\), not one of"):
            Classifier(colours(DESCRIPTION, TensorProto.DOUBLE))

    def test_the_output_must_exist(self) -> None:
        with pytest.raises(PackageError, match="has no output 'scores'; it has"):
            Classifier(colours(changed(output={"name": "scores"})))

    def test_logits_are_no_probabilities(self) -> None:
        with pytest.raises(PackageError, match="should say that they are logits"):
            Classifier(colours(changed(output={"kind": "probabilities"})))

    def test_a_graph_of_two_inputs_is_no_classifier(self) -> None:
        model = colour_graph(DESCRIPTION)
        model.graph.input.append(helper.make_tensor_value_info("more", TensorProto.FLOAT, [1]))

        with pytest.raises(PackageError, match="takes 2 inputs"):
            Classifier(Package(DESCRIPTION, COLOURS, model.SerializeToString()))

    def test_a_graph_that_fails_is_found_at_the_start(self) -> None:
        # given a graph that loads, and reshapes its input to what it is not
        model = colour_graph(DESCRIPTION)
        shape = helper.make_tensor("shape", TensorProto.INT64, [2], [7, 7])
        model.graph.initializer.append(shape)
        model.graph.node[0].input[0] = "reshaped"
        model.graph.node.insert(0, helper.make_node("Reshape", ["image", "shape"], ["reshaped"]))
        model.graph.node[2].attribute[0].ints[:] = [0, 1]

        with pytest.raises(PackageError, match=r"model\.onnx cannot be"):
            Classifier(Package(DESCRIPTION, COLOURS, model.SerializeToString()))
