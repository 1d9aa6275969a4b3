"""A model package: a directory or a tar.gz that holds model.json, labels.txt and model.onnx."""

import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sagemaker_endpoint.description import Description
from sagemaker_endpoint.errors import PackageError

# ONNX is protobuf, which ends at 2 GiB; the other two are read before anything is known of them.
LIMITS = {"model.json": 64 * 2**10, "labels.txt": 2**20, "model.onnx": 2**31}


@dataclass(frozen=True)
class Package:
    """A model package, read and checked for what can be known without running its graph.

    Attributes:
        description: What `model.json` says.
        labels: Class names, in the order of the graph's output.
        graph: The ONNX model.
    """

    description: Description
    labels: tuple[str, ...]
    graph: bytes


def load(path: Path) -> Package:
    """Reads a model package.

    Nothing of an archive is written to the disk, and of its members only the three are read.

    Args:
        path: The directory that holds the package's files (SageMaker unpacks it to /opt/ml/model),
            or the model.tar.gz itself.

    Raises:
        PackageError: A file is missing, too large or malformed.
    """
    try:
        if not path.exists():
            raise PackageError(f"There is no model package at {path}.")
        files = _read_directory(path) if path.is_dir() else _read_archive(path)
    except (OSError, tarfile.TarError, EOFError, zlib.error) as error:
        raise PackageError(f"{path} cannot be read as a model package: {error}.") from error
    for name in LIMITS:
        if name not in files:
            raise PackageError(f"{path} is not a model package: it has no {name}.")
    description = Description.from_json(files["model.json"])
    labels = parse_labels(files["labels.txt"])
    if description.output.background and labels[0] != "background":
        raise PackageError(
            f'model.json puts "background" at class 0, but labels.txt begins with "{labels[0]}".'
        )
    return Package(description, labels, files["model.onnx"])


def parse_labels(text: bytes) -> tuple[str, ...]:
    """Reads class names, one a line, UTF-8.

    Two classes may share a name: ImageNet has two cranes, the bird and the machine.

    Raises:
        PackageError: The text is not UTF-8, is empty or has an empty line.
    """
    try:
        labels = tuple(line.strip() for line in text.decode().removesuffix("\n").split("\n"))
    except UnicodeDecodeError as error:
        raise PackageError(f"labels.txt is not UTF-8: {error}.") from error
    if "" in labels:
        raise PackageError(f"labels.txt has no label in line {labels.index('') + 1}.")
    return labels


def _read_directory(path: Path) -> dict[str, bytes]:
    files = {}
    for name, limit in LIMITS.items():
        file = path / name
        if file.is_file():
            _check_size(name, file.stat().st_size, limit)
            files[name] = file.read_bytes()
    return files


def _read_archive(path: Path) -> dict[str, bytes]:
    files = {}
    with tarfile.open(path, "r:*") as archive:
        for member in archive:
            name = str(PurePosixPath(member.name))
            content = archive.extractfile(member) if name in LIMITS and member.isreg() else None
            if content is not None:
                _check_size(name, member.size, LIMITS[name])
                files[name] = content.read()
        # To its last byte: gzip's checksum of the whole is there.
        while archive.fileobj.read(2**20):
            pass
    return files


def _check_size(name: str, size: int, limit: int) -> None:
    if size > limit:
        raise PackageError(f"{name} has {size} bytes, and {limit} are the most that is read.")
