import hashlib
from pathlib import Path

import pytest

from sagemaker_endpoint.builder.build import DESCRIPTION, build
from sagemaker_endpoint.package import load

# Of whatever machine, Python and zlib; another digest is another model package: give it another
# version in build.py.
SHA256 = "4dfbc20c3f0594db20d9fb441f8fb7aff67a49081a1dd77d6e77d68d28fbc7b1"


def test_the_package_has_the_same_bytes_everywhere(package_path: Path) -> None:
    assert hashlib.sha256(package_path.read_bytes()).hexdigest() == SHA256
    assert DESCRIPTION.version == "1.0.0"


def test_what_is_built_can_be_served(package_path: Path) -> None:
    package = load(package_path)

    assert package.description == DESCRIPTION
    assert len(package.labels) == 1000


def test_the_directory_is_made(tmp_path: Path) -> None:
    build(tmp_path / "not/yet/model.tar.gz")

    assert (tmp_path / "not/yet/model.tar.gz").is_file()


def test_a_description_names_a_model_that_it_is() -> None:
    assert "inception" not in DESCRIPTION.to_json().decode().lower()
    assert DESCRIPTION.preprocessing.mean == pytest.approx((127, 127, 127))
