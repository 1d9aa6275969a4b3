import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoke_labeller.errors import TransientError
from invoke_labeller.ports import Label
from invoke_labeller.prediction import TOP, top_labels


def answer(**changes: Any) -> bytes:
    document = {
        "probabilities": [0.05, 0.4, 0.1, 0.2, 0.15, 0.1],
        "labels": ["background", "pug", "tabby", "espresso", "missile", "cup"],
        "predicted_label": "pug",
    }
    return json.dumps(document | changes).encode()


def test_the_five_most_probable_labels_are_picked_best_first() -> None:
    assert top_labels(answer()) == (
        Label("pug", 0.4),
        Label("espresso", 0.2),
        Label("missile", 0.15),
        Label("tabby", 0.1),
        Label("cup", 0.1),
    )


def test_a_label_is_matched_by_its_place_and_no_class_is_dropped() -> None:
    labels = top_labels(answer(probabilities=[0.9, 0.02, 0.02, 0.02, 0.02, 0.02]))

    assert labels[0] == Label("background", 0.9)


def test_a_model_of_few_classes_gives_them_all() -> None:
    assert top_labels(b'{"labels": ["cat", "dog"], "probabilities": [0.25, 0.75]}') == (
        Label("dog", 0.75),
        Label("cat", 0.25),
    )


def test_rounding_of_single_precision_is_forgiven() -> None:
    labels = top_labels(b'{"labels": ["a", "b"], "probabilities": [1.0000001, -1e-9]}')

    assert labels == (Label("a", 1.0), Label("b", 0.0))


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b'{"probabilities": [0.1',
        b"\xff\xfe",
        b"[" * 100_000,
        b"null",
        b"[]",
        b'"pug"',
        b"{}",
        answer(labels=None),
        answer(labels="pug"),
        answer(labels=[], probabilities=[]),
        answer(labels=["pug"]),
        answer(labels=["pug"] * 7),
        answer(labels=["pug", "", "c", "d", "e", "f"]),
        answer(labels=["pug", 3, "c", "d", "e", "f"]),
        answer(probabilities={"pug": 1}),
        answer(probabilities=[0.1, 0.1, 0.1, 0.1, 0.1, None]),
        answer(probabilities=[0.1, 0.1, 0.1, 0.1, 0.1, "0.5"]),
        answer(probabilities=[0.1, 0.1, 0.1, 0.1, 0.1, True]),
        answer(probabilities=[0.1, 0.1, 0.1, 0.1, 0.1, float("nan")]),
        answer(probabilities=[0.1, 0.1, 0.1, 0.1, 0.1, float("inf")]),
        answer(probabilities=[0.1, 0.1, 0.1, 0.1, 0.1, 1.5]),
        answer(probabilities=[0.1, 0.1, 0.1, 0.1, 0.1, -0.5]),
        answer(probabilities=[0.1, 0.1, 0.1, 0.1, 0.1, 10**400]),
        answer(probabilities=[[0.1, 0.1, 0.1, 0.1, 0.1, 0.1]]),
    ],
)
def test_an_answer_of_another_form_is_the_models_fault_not_the_pictures(document: bytes) -> None:
    with pytest.raises(TransientError, match="The model's answer"):
        top_labels(document)


@given(st.lists(st.tuples(st.text(min_size=1), st.floats(0, 1)), min_size=1, max_size=1001))
def test_what_is_picked_is_never_less_probable_than_what_is_not(
    classes: list[tuple[str, float]],
) -> None:
    named = [(f"{name}#{place}", value) for place, (name, value) in enumerate(classes)]

    labels = top_labels(
        json.dumps(
            {"labels": [n for n, _ in named], "probabilities": [p for _, p in named]}
        ).encode()
    )

    assert [label.confidence for label in labels] == sorted((p for _, p in named), reverse=True)[
        :TOP
    ]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["labels", "probabilities"]), inner)
        ),
    )
)
def test_no_json_raises_anything_else(document: object) -> None:
    try:
        assert top_labels(json.dumps(document).encode())
    except TransientError as error:
        assert str(error)  # noqa: PT017 - either way is right
