import pytest
from hypothesis import given
from hypothesis import strategies as st

from system_tests.labels import is_one_of


@pytest.mark.parametrize(
    "name",
    [
        "Egyptian cat",
        "egyptian_cat",
        "EGYPTIAN CAT",
        " Egyptian  cat ",
        "Egyptian-cat",
        "Egyptian cat, Felis",
    ],
)
def test_takes_every_spelling(name: str) -> None:
    assert is_one_of(name, ["tabby", "Egyptian cat"])


@pytest.mark.parametrize("name", ["Egyptian", "cat", "tabby dog", "", "lynx, catamount"])
def test_takes_no_other_label(name: str) -> None:
    assert not is_one_of(name, ["tabby", "Egyptian cat"])


@given(st.text(min_size=1).filter(lambda text: any(map(str.isalnum, text))))
def test_a_label_is_itself(name: str) -> None:
    assert is_one_of(name, [name])
