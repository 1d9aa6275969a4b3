import pytest

from get_image_label.config import Config, ConfigError


def test_reads_the_table_s_name() -> None:
    assert Config.from_environment({"TABLE_NAME": "ImageLabels"}).table_name == "ImageLabels"


@pytest.mark.parametrize(
    "name", ["", "no", "x" * 256, "arn:aws:dynamodb:…", "Image Labels", "a\nbc"]
)
def test_refuses_what_is_no_table_s_name(name: str) -> None:
    with pytest.raises(ConfigError, match="TABLE_NAME"):
        Config.from_environment({"TABLE_NAME": name})


def test_refuses_an_environment_without_it() -> None:
    with pytest.raises(ConfigError, match="TABLE_NAME"):
        Config.from_environment({})
