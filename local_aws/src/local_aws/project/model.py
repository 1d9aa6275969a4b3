"""The model package that the endpoint serves, as far as a deployment has to know it."""

import json
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_aws.errors import CloudError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

DESCRIPTION = "model.json"
LARGEST_DESCRIPTION = 64 * 2**10


@dataclass(frozen=True)
class Model:
    """What a model package says of itself.

    Attributes:
        name: The model's name.
        version: The model's version.
    """

    name: str
    version: str


def describe(package: "Path") -> Model:
    """Read the description in a model package.

    Args:
        package: A `model.tar.gz`, or the directory that it would be unpacked to.

    Raises:
        UsageError: If it is not there.
        CloudError: If it holds no description.
    """
    if not package.exists():
        raise UsageError(f"There is no model package {package}.")
    try:
        document = json.loads(_read(package))
        return Model(str(document["name"]), str(document["version"]))
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise CloudError(
            f"{package} is not a model package: it has no {DESCRIPTION} with a name and a version."
        ) from error


def _read(package: "Path") -> bytes:
    if package.is_dir():
        return (package / DESCRIPTION).read_bytes()
    with tarfile.open(package, "r:*") as archive:
        for member in archive:
            if member.name.removeprefix("./") == DESCRIPTION and member.isreg():
                content = archive.extractfile(member)
                return content.read(LARGEST_DESCRIPTION) if content else b""
    raise KeyError(DESCRIPTION)
