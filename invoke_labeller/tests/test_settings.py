from datetime import timedelta

import pytest

from invoke_labeller.settings import LabelSettings, SweepSettings
from lambda_common.environment import SettingsError

LABELLER = {
    "BUCKET_NAME": "open-devops-images-us-west-1-123456789012",
    "TABLE_NAME": "ImageLabels",
    "ENDPOINT_NAME": "open-devops-image-labeller",
    "MODEL_NAME": "inception",
    "MODEL_VERSION": "3",
    "THREADS": "4",
}
SWEEP = {
    "TABLE_NAME": "ImageLabels",
    "INDEX_NAME": "Pending",
    "SWEEP_AFTER_MINUTES": "15",
    "FAILED_INDEX_NAME": "Failed",
    "GIVE_UP_AFTER_HOURS": "24",
    "SWEEP_LIMIT": "1024",
}


def test_the_labellers_environment_is_read() -> None:
    assert LabelSettings.from_environment(LABELLER | {"PATH": "/bin"}) == LabelSettings(
        "open-devops-images-us-west-1-123456789012",
        "ImageLabels",
        "open-devops-image-labeller",
        "inception",
        "3",
        4,
    )


def test_the_sweeps_environment_is_read() -> None:
    assert SweepSettings.from_environment(SWEEP) == SweepSettings(
        "ImageLabels", "Pending", "Failed", timedelta(minutes=15), timedelta(hours=24), 1024
    )


@pytest.mark.parametrize("value", ["", "  ", None])
@pytest.mark.parametrize("name", LABELLER)
def test_the_labeller_names_the_variable_that_is_missing(name: str, value: str | None) -> None:
    environment = {k: v for k, v in LABELLER.items() if k != name}

    with pytest.raises(SettingsError, match=name):
        LabelSettings.from_environment(environment | ({name: value} if value is not None else {}))


@pytest.mark.parametrize("name", SWEEP)
def test_the_sweep_names_the_variable_that_is_missing(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        SweepSettings.from_environment({k: v for k, v in SWEEP.items() if k != name})


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "ten", "1e3", "٣", "9" * 5000, "1_000"])
@pytest.mark.parametrize("name", ["SWEEP_AFTER_MINUTES", "GIVE_UP_AFTER_HOURS", "SWEEP_LIMIT"])
def test_a_number_that_makes_no_sense_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        SweepSettings.from_environment(SWEEP | {name: value})
