"""The function's environment variables, typed and validated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from lambda_common.environment import Environment, text


@dataclass(frozen=True)
class Settings:
    """What differs from one deployment to another.

    Attributes:
        table_name: The table of the rows.
    """

    table_name: str

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
        settings = cls(table_name=environment.read("TABLE_NAME", text))
        environment.check()
        return settings
