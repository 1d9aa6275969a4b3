"""Tensors as PyTorch keeps them: views of shared, flat storages."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sagemaker_endpoint.errors import BuildError

type Array = NDArray[Any]


@dataclass
class Storage:
    """A flat run of numbers; several tensors may look into the same one."""

    dtype: np.dtype[Any]
    size: int
    data: Array | None = None


@dataclass(frozen=True)
class Tensor:
    """A view of a storage, in numbers (not bytes)."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def to_array(self) -> Array:
        """The tensor's numbers.

        Raises:
            BuildError: The view reaches outside of its storage.
        """
        data = self.storage.data
        last = self.offset + sum(
            (count - 1) * stride for count, stride in zip(self.shape, self.strides, strict=True)
        )
        if (
            data is None
            or self.offset < 0
            or min((*self.shape, *self.strides), default=0) < 0
            or last >= data.size
        ):
            raise BuildError("The weights are damaged: a tensor reaches past its storage.")
        steps = [stride * data.itemsize for stride in self.strides]
        view = np.lib.stride_tricks.as_strided(data[self.offset :], self.shape, steps)
        return np.ascontiguousarray(view).reshape(self.shape)
