import numpy as np
import pytest

from sagemaker_endpoint.builder.tensors import Storage, Tensor
from sagemaker_endpoint.errors import BuildError

STORAGE = Storage(np.dtype("<f4"), 6, np.arange(6, dtype="<f4"))


def test_a_tensor_is_a_view_of_its_storage() -> None:
    assert Tensor(STORAGE, 1, (2, 2), (2, 1)).to_array().tolist() == [[1, 2], [3, 4]]
    assert Tensor(STORAGE, 5, (), ()).to_array().shape == ()


def test_a_storage_that_was_never_filled_has_no_tensors() -> None:
    with pytest.raises(BuildError, match="reaches past its storage"):
        Tensor(Storage(np.dtype("<f4"), 6), 0, (6,), (1,)).to_array()
