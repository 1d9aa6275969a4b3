import io
import pickle
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sagemaker_endpoint.builder import sources
from sagemaker_endpoint.builder.torch_pickle import MAGIC_NUMBER, PROTOCOL_VERSION, load_state_dict
from sagemaker_endpoint.errors import BuildError

type Array = NDArray[Any]


class Global:
    """Pickled as the name of something, whether or not it is there."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name


class Call:
    """Pickled as the call of something."""

    def __init__(self, module: str, name: str, *arguments: object) -> None:
        self.function, self.arguments = Global(module, name), arguments


class Storage:
    def __init__(self, key: str, type_: str, size: int, kind: str = "storage") -> None:
        self.pid = (kind, Global("torch", type_), key, "cpu", size, None)


class Writer(pickle._Pickler):  # noqa: SLF001 (the one in Python, whose opcodes can be written)
    def persistent_id(self, obj: object) -> object:
        return obj.pid if isinstance(obj, Storage) else None

    def save(self, obj: Any, save_persistent_id: bool = True) -> None:  # noqa: FBT001, FBT002
        if isinstance(obj, Global):
            self.write(f"c{obj.module}\n{obj.name}\n".encode())  # type: ignore[attr-defined]
        elif isinstance(obj, Call):
            self.save(obj.function)
            self.save(obj.arguments)
            self.write(pickle.REDUCE)  # type: ignore[attr-defined]
        else:
            super().save(obj, save_persistent_id)  # type: ignore[misc]


def dumped(value: object) -> bytes:
    buffer = io.BytesIO()
    Writer(buffer, 2).dump(value)
    return buffer.getvalue()


def tensor(storage: Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> Call:
    hooks: OrderedDict[str, object] = OrderedDict()
    arguments = (storage, offset, shape, strides, False, hooks)
    return Call("torch._utils", "_rebuild_tensor_v2", *arguments)


def file(tensors: object, storages: dict[str, Array], **header: object) -> bytes:
    """A file of PyTorch's legacy format."""
    system = {"protocol_version": 1001, "little_endian": True, "type_sizes": {}}
    parts = [
        dumped(header.get("magic", MAGIC_NUMBER)),
        dumped(header.get("protocol", PROTOCOL_VERSION)),
        dumped(header.get("system", system)),
        dumped(tensors),
        dumped(list(storages)),
    ]
    for data in storages.values():
        parts += [struct.pack("<q", data.size), data.tobytes()]
    return b"".join(parts)


NUMBERS = np.arange(12, dtype="<f4")
STORAGE = Storage("1", "FloatStorage", 12)


def test_tensors_may_share_a_storage() -> None:
    tensors = OrderedDict(
        whole=tensor(STORAGE, 0, (3, 4), (4, 1)),
        transposed=tensor(STORAGE, 0, (4, 3), (1, 4)),
        part=tensor(STORAGE, 5, (2,), (1,)),
        number=tensor(STORAGE, 7, (), ()),
    )

    arrays = load_state_dict(file(tensors, {"1": NUMBERS}))

    assert list(arrays) == ["whole", "transposed", "part", "number"]
    assert np.array_equal(arrays["whole"], NUMBERS.reshape(3, 4))
    assert np.array_equal(arrays["transposed"], NUMBERS.reshape(3, 4).T)
    assert arrays["part"].tolist() == [5, 6]
    assert arrays["number"].shape == ()
    assert arrays["number"] == 7


@pytest.mark.parametrize(
    ("type_", "dtype"), [("DoubleStorage", "<f8"), ("HalfStorage", "<f2"), ("LongStorage", "<i8")]
)
def test_every_type_keeps_its_numbers(type_: str, dtype: str) -> None:
    tensors = {"numbers": tensor(Storage("1", type_, 12), 0, (12,), (1,))}

    arrays = load_state_dict(file(tensors, {"1": NUMBERS.astype(dtype)}))

    assert arrays["numbers"].dtype == dtype
    assert arrays["numbers"].tolist() == list(range(12))


def test_the_published_weights_are_read() -> None:
    weights = load_state_dict(sources.read_weights())

    assert weights["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert weights["_fc.weight"].shape == (1000, 1280)
    assert all(np.isfinite(array).all() for array in weights.values())


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("builtins", "eval"),
        ("builtins", "getattr"),
        ("subprocess", "Popen"),
        ("torch", "load"),
        ("torch.nn", "Linear"),
        ("collections", "namedtuple"),
        ("numpy", "load"),
        ("sagemaker_endpoint.cli", "main"),
    ],
)
@pytest.mark.parametrize("place", ["magic", "protocol", "system", "tensors", "keys"])
def test_a_hostile_pickle_runs_nothing(tmp_path: Path, module: str, name: str, place: str) -> None:
    # given a file that calls something, anywhere in it
    proof = tmp_path / "proof"
    call = Call(module, name, f"touch {proof}")
    if place == "keys":
        content = file({}, {})[: -len(dumped([]))] + dumped(call)
    elif place == "tensors":
        content = file({"weight": call}, {})
    else:
        content = file({}, {}, **{place: call})

    with pytest.raises(BuildError, match=f"ask for {module}.{name}, which is no part"):
        load_state_dict(content)

    assert not proof.exists()


def test_a_reference_to_anything_but_a_storage_is_refused() -> None:
    tensors = {"weight": tensor(Storage("1", "FloatStorage", 12, "module"), 0, (12,), (1,))}

    with pytest.raises(BuildError, match="refer to a 'module'"):
        load_state_dict(file(tensors, {"1": NUMBERS}))


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [
        (1, (12,), (1,)),
        (0, (4, 4), (4, 1)),
        (0, (2,), (12,)),
        (-1, (2,), (1,)),
        (0, (2,), (-1,)),
        (12, (), ()),
        (0, (2**40,), (2**40,)),
    ],
)
def test_a_tensor_must_lie_in_its_storage(
    offset: int, shape: tuple[int, ...], strides: tuple[int, ...]
) -> None:
    tensors = {"weight": tensor(STORAGE, offset, shape, strides)}

    with pytest.raises(BuildError, match="reaches past its storage"):
        load_state_dict(file(tensors, {"1": NUMBERS}))


def test_a_storage_without_numbers_is_refused() -> None:
    with pytest.raises(BuildError, match="reaches past its storage"):
        load_state_dict(file({"weight": tensor(STORAGE, 0, (12,), (1,))}, {}))


def test_a_storage_must_have_the_announced_size() -> None:
    with pytest.raises(BuildError, match="11 numbers where 12 were announced"):
        load_state_dict(file({"weight": tensor(STORAGE, 0, (3,), (1,))}, {"1": NUMBERS[:11]}))


@pytest.mark.parametrize(
    "header", [{"magic": 1}, {"protocol": 1000}, {"system": {"little_endian": False}}]
)
def test_another_format_is_refused(header: dict[str, object]) -> None:
    with pytest.raises(BuildError, match="not a little-endian PyTorch file"):
        load_state_dict(file({}, {}, **header))


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.99])
def test_what_is_cut_off_is_refused(share: float) -> None:
    whole = file({"weight": tensor(STORAGE, 0, (12,), (1,))}, {"1": NUMBERS})

    with pytest.raises(BuildError):
        load_state_dict(whole[: int(share * len(whole))])


def test_a_zip_file_is_refused() -> None:
    with pytest.raises(BuildError, match="cannot be read"):
        load_state_dict(b"PK\x03\x04" + bytes(100))
