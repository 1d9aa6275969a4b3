"""The function's environment, typed and validated."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
TABLE_NAME = re.compile(r"[A-Za-z0-9_.-]{3,255}")


class ConfigError(Exception):
    """The function's environment is not what the template should have made it."""


@dataclass(frozen=True)
class Config:
    """What the template tells the function.

    Attributes:
        table_name: Name of the table that holds the images' rows.
    """

    table_name: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the configuration.

        Args:
            environment: The environment variables, `os.environ` on Lambda.

        Returns:
            The validated configuration.

        Raises:
            ConfigError: A variable is missing or malformed.
        """
        table_name = environment.get("TABLE_NAME", "")
        if not TABLE_NAME.fullmatch(table_name):
            raise ConfigError("TABLE_NAME must hold the name of a DynamoDB table")
        return cls(table_name=table_name)
