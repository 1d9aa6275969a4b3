import pytest

from get_image_label.settings import Settings
from lambda_common.environment import SettingsError


def test_the_environment_is_read() -> None:
    assert Settings.from_environment({"TABLE_NAME": "ImageLabels"}) == Settings("ImageLabels")


@pytest.mark.parametrize("environment", [{}, {"TABLE_NAME": ""}, {"TABLE_NAME": " "}])
def test_what_is_missing_is_named(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="TABLE_NAME"):
        Settings.from_environment(environment)
