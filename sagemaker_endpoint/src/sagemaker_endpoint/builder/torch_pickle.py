"""Reads a PyTorch state dict without PyTorch, and without running what a pickle may ask for.

The file is of PyTorch's legacy format: five pickles (magic number, protocol version, system
information, the objects, the keys of the storages), then each storage's length and bytes.
https://github.com/pytorch/pytorch/blob/v2.0.0/torch/serialization.py (`_legacy_load`)
"""

import io
import pickle  # nosec B403 # read by an unpickler that knows five names
import struct
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, cast

import numpy as np

from sagemaker_endpoint.builder.tensors import Array, Storage, Tensor
from sagemaker_endpoint.errors import BuildError

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
PROTOCOL_VERSION = 1001
STORAGES = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ByteStorage": "u1",
}


def load_state_dict(content: bytes) -> Mapping[str, Array]:
    """Reads a state dict.

    Args:
        content: The `.pth` file.

    Returns:
        The arrays by the names of the parameters.

    Raises:
        BuildError: The file is of another format, damaged, or asks for anything but tensors.
    """
    file = io.BytesIO(content)
    storages: dict[str, Storage] = {}
    try:
        _check_header(*(_Unpickler(file, {}).load() for _ in range(3)))
        tensors = _Unpickler(file, storages).load()
        for key in _Unpickler(file, {}).load():
            _fill(storages[key], file)
        return {name: tensor.to_array() for name, tensor in tensors.items()}
    except BuildError:
        raise
    except Exception as error:  # a damaged pickle can fail in any way
        raise BuildError(f"The weights cannot be read: {error}") from error


def _check_header(magic: object, protocol: object, system: Mapping[str, object]) -> None:
    if (magic, protocol) != (MAGIC_NUMBER, PROTOCOL_VERSION) or not system["little_endian"]:
        raise BuildError("The weights are not a little-endian PyTorch file of the legacy format.")


def _fill(storage: Storage, file: BinaryIO) -> None:
    (size,) = struct.unpack("<q", file.read(8))
    if size != storage.size:
        raise BuildError(
            f"The weights are damaged: {size} numbers where {storage.size} were announced."
        )
    storage.data = np.frombuffer(file.read(size * storage.dtype.itemsize), storage.dtype)


def _rebuild_tensor(
    storage: Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> Tensor:
    return Tensor(storage, offset, tuple(shape), tuple(strides))


class _Unpickler(pickle.Unpickler):
    """Resolves what a state dict consists of, and no other name."""

    def __init__(self, file: BinaryIO, storages: dict[str, Storage]) -> None:
        super().__init__(file, encoding="utf-8")
        self._storages = storages

    def find_class(self, module: str, name: str, /) -> object:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return cast("Callable[..., Tensor]", _rebuild_tensor)
        if module == "torch" and name in STORAGES:
            return name
        raise BuildError(f"The weights ask for {module}.{name}, which is no part of a state dict.")

    def persistent_load(self, pid: Any, /) -> Storage:
        kind, storage_type, key, _location, size = pid[:5]
        if kind != "storage":
            raise BuildError(f"The weights refer to a {kind!r}, which is no part of a state dict.")
        return self._storages.setdefault(key, Storage(np.dtype(STORAGES[storage_type]), size))
