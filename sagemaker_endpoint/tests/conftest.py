from pathlib import Path

import pytest

from sagemaker_endpoint.builder.build import build
from sagemaker_endpoint.classifier import Classifier
from sagemaker_endpoint.package import load


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
