"""The environment variables of the functions, typed and validated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self


class ConfigError(Exception):
    """The environment lacks a variable, or holds a value that makes no sense."""


@dataclass(frozen=True)
class LabellerConfig:
    """What the labeller is told by its environment.

    Attributes:
        bucket_name: The bucket that stores the pictures.
        table_name: The table that holds a row for every picture.
        endpoint_name: The SageMaker endpoint of the model.
        model_name: The model's name, recorded with the labels.
        model_version: The model's version, recorded with the labels.
    """

    bucket_name: str
    table_name: str
    endpoint_name: str
    model_name: str
    model_version: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read it.

        Raises:
            ConfigError: A variable is missing or empty.
        """
        return cls(
            bucket_name=_text(environment, "BUCKET_NAME"),
            table_name=_text(environment, "TABLE_NAME"),
            endpoint_name=_text(environment, "ENDPOINT_NAME"),
            model_name=_text(environment, "MODEL_NAME"),
            model_version=_text(environment, "MODEL_VERSION"),
        )


@dataclass(frozen=True)
class SweepConfig:
    """What the sweep is told by its environment.

    Attributes:
        table_name: The table that holds a row for every picture.
        index_name: The index of the waiting rows.
        sweep_after: How long a picture waits before it is swept up.
        max_sweeps: How often it is swept up before it is abandoned.
    """

    table_name: str
    index_name: str
    sweep_after: timedelta
    max_sweeps: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read it.

        Raises:
            ConfigError: A variable is missing, empty, or not the number it should be.
        """
        return cls(
            table_name=_text(environment, "TABLE_NAME"),
            index_name=_text(environment, "INDEX_NAME"),
            sweep_after=timedelta(minutes=_positive(environment, "SWEEP_AFTER_MINUTES")),
            max_sweeps=_positive(environment, "MAX_SWEEPS"),
        )


def _text(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise ConfigError(f"The environment variable {name} is missing or empty")
    return value


def _positive(environment: Mapping[str, str], name: str) -> int:
    value = _text(environment, name)
    # str.isdecimal alone would let other scripts' digits and thousands of them pass.
    if not (value.isascii() and value.isdecimal() and len(value) < 7 and int(value) > 0):  # noqa: PLR2004 - a million is out of reason for either
        raise ConfigError(f"The environment variable {name} must be a positive number: {value!r}")
    return int(value)
