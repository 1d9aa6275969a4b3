import pytest

from system_tests.errors import NotReadyError
from system_tests.settings import Settings


def test_takes_either_name_of_the_region_and_prefers_the_functions_own() -> None:
    both = {"AWS_REGION": "us-west-1", "AWS_DEFAULT_REGION": "us-east-2"}
    assert Settings.from_environment(both).region == "us-west-1"
    assert Settings.from_environment({"AWS_DEFAULT_REGION": "us-east-2"}).region == "us-east-2"


def test_wants_a_region() -> None:
    with pytest.raises(NotReadyError, match="AWS_REGION"):
        Settings.from_environment({"AWS_REGION": ""})


def test_takes_other_stacks_and_deadlines() -> None:
    settings = Settings.from_environment(
        {
            "AWS_REGION": "us-west-1",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:4566/",
            "INVOKE_LABELLER_STACK": "Mine",
            "LABEL_SECONDS": "0.5",
            "SCAN_LIMIT": "0",
        }
    )
    assert settings.endpoint == "http://127.0.0.1:4566"
    assert settings.stacks.invoke_labeller == "Mine"
    assert (settings.label_seconds, settings.scan_limit) == (0.5, 0)


@pytest.mark.parametrize("text", ["soon", "-1", "nan", "inf", "1s"])
def test_refuses_what_is_no_number_of_seconds(text: str) -> None:
    with pytest.raises(NotReadyError, match="LABEL_SECONDS"):
        Settings.from_environment({"AWS_REGION": "us-west-1", "LABEL_SECONDS": text})
