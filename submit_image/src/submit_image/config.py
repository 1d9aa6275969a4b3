"""The function's environment variables, typed and validated once, when the function starts."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_MAX_PORT = 65535
_HOST = r"[a-z0-9_.-]+|\[[0-9a-f:.]+\]"
_TRUSTED = re.compile(rf"(?P<host>{_HOST}):(?P<port>[0-9]{{1,5}})")


class ConfigurationError(Exception):
    """The environment lacks a variable or gives it a value that makes no sense."""


@dataclass(frozen=True)
class Settings:
    """What differs from one deployment to another.

    Attributes:
        bucket_name: The bucket of the pictures.
        table_name: The table of the rows.
        retention_days: Days after which picture and row expire.
        max_image_bytes: The largest accepted file, in bytes.
        fetch_seconds: The deadline of a download, in seconds.
        trusted_hosts: Pairs of host and port that are exempt from the rules on addresses and ports.
    """

    bucket_name: str
    table_name: str
    retention_days: int
    max_image_bytes: int
    fetch_seconds: int
    trusted_hosts: frozenset[tuple[str, int]]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings.

        Args:
            environment: The environment variables.

        Returns:
            The settings.

        Raises:
            ConfigurationError: With everything that is wrong, one line each.
        """
        faults: list[str] = []

        def read[T](name: str, convert: Callable[[str], T], default: str | None = None) -> T | None:
            try:
                return convert(
                    environment[name] if default is None else environment.get(name, default)
                )
            except KeyError:
                faults.append(f"{name} is not set")
            except ValueError as error:
                faults.append(f"{name} {error}")
            return None

        values = {
            "bucket_name": read("BUCKET_NAME", _text),
            "table_name": read("TABLE_NAME", _text),
            "retention_days": read("RETENTION_DAYS", _positive),
            "max_image_bytes": read("MAX_IMAGE_BYTES", _positive),
            "fetch_seconds": read("FETCH_SECONDS", _positive),
            "trusted_hosts": read("TRUSTED_IMAGE_HOSTS", _hosts, default=""),
        }
        if faults:
            raise ConfigurationError("\n".join(faults))
        return cls(**values)  # type: ignore[arg-type] # None is a fault, and faults were raised


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value


def _positive(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and int(value) > 0):
        raise ValueError("must be a whole number above 0")
    return int(value)


def _hosts(value: str) -> frozenset[tuple[str, int]]:
    return frozenset(_host(item.strip().lower()) for item in value.split(",") if item.strip())


def _host(item: str) -> tuple[str, int]:
    match = _TRUSTED.fullmatch(item)
    if not match or not 0 < int(match["port"]) <= _MAX_PORT:
        raise ValueError(f"must list host:port pairs; {item!r} is none")
    return match["host"].strip("[]"), int(match["port"])
