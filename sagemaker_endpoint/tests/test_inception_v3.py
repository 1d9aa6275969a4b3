import io
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import requests
from PIL import Image

from sagemaker_endpoint.description import Description, Input, Output, Preprocessing
from sagemaker_endpoint.package import Package
from tests.inception_v3 import CLASSES, SIZE, InceptionV3
from tests.processes import serving
from tests.samples import CHELSEA, write

# Class 0 is "background", so that each class of ImageNet is one further.
EGYPTIAN_CAT = 286


@pytest.fixture(scope="module")
def package() -> Package:
    """Inception V3 as JumpStart's is: its shape, its classes, its scale; not its weights."""
    network = InceptionV3(EGYPTIAN_CAT)
    graph = network.model().SerializeToString()
    assert network.convolutions == 94
    labels = [f"class {index}" for index in range(CLASSES)]
    labels[0], labels[EGYPTIAN_CAT] = "background", "Egyptian cat"
    description = Description(
        schema=1,
        name="inception-v3",
        version="random",
        license="CC0-1.0",
        input=Input(size=SIZE, layout="NHWC"),
        preprocessing=Preprocessing(
            crop="center",
            crop_fraction=0.875,
            resampling="bilinear",
            mean=(127.5, 127.5, 127.5),
            std=(127.5, 127.5, 127.5),
        ),
        output=Output(kind="probabilities", background=True),
    )
    return Package(description, tuple(labels), graph)


def test_it_has_the_parameters_of_inception_v3(package: Package) -> None:
    # 23.8 million in Keras, which counts batch normalisation's (folded in here)
    assert len(package.graph) / 4 == pytest.approx(23.8e6, rel=0.01)


def test_another_model_is_served_from_its_package(package: Package, tmp_path: Path) -> None:
    with serving(write(package, tmp_path)) as (url, _):
        answer = requests.post(
            f"{url}/endpoints/open-devops-image-labeller/invocations",
            CHELSEA,
            headers={"Content-Type": "application/x-image", "Accept": "application/json;verbose"},
            timeout=20,
        ).json()

    assert tuple(answer["labels"]) == package.labels
    assert answer["labels"][0] == "background"
    assert answer["predicted_label"] == "Egyptian cat"
    assert np.argmax(answer["probabilities"]) == EGYPTIAN_CAT
    assert np.allclose(answer["probabilities"], expected(package.graph), atol=1e-5)


def expected(graph: bytes) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """What the graph says of the cat, prepared in the test: 342 pixels keep a margin around 299."""
    side = int(299 / 342 * 300)
    left, upper = (451 - side + 1) // 2, (300 - side + 1) // 2
    square = Image.open(io.BytesIO(CHELSEA)).crop((left, upper, left + side, upper + side))
    pixels = np.asarray(square.resize((299, 299), Image.Resampling.BILINEAR), np.float32)
    session = ort.InferenceSession(graph, providers=["CPUExecutionProvider"])
    (probabilities,) = session.run(None, {"image": (pixels / 127.5 - 1)[np.newaxis]})
    return np.asarray(probabilities, np.float32).reshape(CLASSES)
