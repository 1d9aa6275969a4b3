import pytest

from lambda_common.environment import Environment, SettingsError, positive, text


def test_a_variable_is_read() -> None:
    environment = Environment({"NAME": " a ", "NUMBER": "12"})

    assert environment.read("NAME", text) == "a"
    assert environment.read("NUMBER", positive) == 12
    assert environment.read("OTHER", text, default="b") == "b"
    environment.check()


def test_everything_that_is_wrong_is_reported_at_once() -> None:
    environment = Environment({"BLANK": " ", "NUMBER": "soon"})
    for name, convert in (("BLANK", text), ("NUMBER", positive), ("MISSING", text)):
        environment.read(name, convert)

    with pytest.raises(SettingsError) as error:
        environment.check()

    assert str(error.value).splitlines() == [
        "BLANK is empty",
        "NUMBER must be a whole number above 0, of at most 9 digits",
        "MISSING is not set",
    ]


@pytest.mark.parametrize(
    "number", ["0", "-1", "1.5", "", "ten", "1e3", "1_000", "²", "٣", "9" * 10, "9" * 5000]
)
def test_numbers_are_whole_and_above_0(number: str) -> None:
    environment = Environment({"NUMBER": number})
    environment.read("NUMBER", positive)

    with pytest.raises(SettingsError, match="NUMBER"):
        environment.check()
