import os
from pathlib import Path

import hypothesis
import pytest

from sagemaker_endpoint.builder.build import build
from sagemaker_endpoint.classifier import Classifier
from sagemaker_endpoint.package import load

# A busy machine is no fault of an example. Every run tries the same examples, so that it fails only
# on a change; IMAGELABELLER_EXPLORE=1000 tries a thousand new ones of each property instead.
EXPLORE = os.environ.get("IMAGELABELLER_EXPLORE")
hypothesis.settings.register_profile("repeat", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=int(EXPLORE or 100))
hypothesis.settings.load_profile("explore" if EXPLORE else "repeat")


@pytest.fixture(scope="session")
def package_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model package, built."""
    path = tmp_path_factory.mktemp("package") / "model.tar.gz"
    build(path)
    return path


@pytest.fixture(scope="session")
def classifier(package_path: Path) -> Classifier:
    """EfficientNet-Lite2, loaded."""
    return Classifier(load(package_path))
