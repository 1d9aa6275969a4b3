"""The functions' environment variables, typed and validated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from lambda_common.environment import Environment, positive, text


@dataclass(frozen=True)
class LabelSettings:
    """What differs from one deployment of the labeller to another.

    Attributes:
        bucket_name: The bucket of the pictures.
        table_name: The table of the rows.
        endpoint_name: The SageMaker endpoint of the model.
        model_name: The model's name, recorded with the labels.
        model_version: The model's version, recorded with the labels.
        threads: How many pictures of a batch are labelled at once.
    """

    bucket_name: str
    table_name: str
    endpoint_name: str
    model_name: str
    model_version: str
    threads: int

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Self:
        """Read the settings.

        Args:
            variables: The environment variables.

        Returns:
            The settings.

        Raises:
            SettingsError: With everything that is wrong, one line each.
        """
        environment = Environment(variables)
        settings = cls(
            bucket_name=environment.read("BUCKET_NAME", text),
            table_name=environment.read("TABLE_NAME", text),
            endpoint_name=environment.read("ENDPOINT_NAME", text),
            model_name=environment.read("MODEL_NAME", text),
            model_version=environment.read("MODEL_VERSION", text),
            threads=environment.read("THREADS", positive),
        )
        environment.check()
        return settings


@dataclass(frozen=True)
class SweepSettings:
    """What differs from one deployment of the sweep to another.

    Attributes:
        table_name: The table of the rows.
        index_name: The index of the waiting rows.
        failed_index_name: The index of the failed rows.
        sweep_after: How long a picture waits before it is swept up.
        give_up_after: How long it is swept up before it is given up.
        limit: How many pictures a run sends again, at most.
    """

    table_name: str
    index_name: str
    failed_index_name: str
    sweep_after: timedelta
    give_up_after: timedelta
    limit: int

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Self:
        """Read the settings.

        Args:
            variables: The environment variables.

        Returns:
            The settings.

        Raises:
            SettingsError: With everything that is wrong, one line each.
        """
        environment = Environment(variables)
        settings = cls(
            table_name=environment.read("TABLE_NAME", text),
            index_name=environment.read("INDEX_NAME", text),
            failed_index_name=environment.read("FAILED_INDEX_NAME", text),
            sweep_after=environment.read("SWEEP_AFTER_MINUTES", _minutes),
            give_up_after=environment.read("GIVE_UP_AFTER_HOURS", _hours),
            limit=environment.read("SWEEP_LIMIT", positive),
        )
        environment.check()
        return settings


def _minutes(value: str) -> timedelta:
    return timedelta(minutes=positive(value))


def _hours(value: str) -> timedelta:
    return timedelta(hours=positive(value))
