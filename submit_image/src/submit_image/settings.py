"""The function's environment variables, typed and validated."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from lambda_common.environment import Environment, positive, text

_MAX_PORT = 65535
_HOST = r"[a-z0-9_.-]+|\[[0-9a-f:.]+\]"
_TRUSTED = re.compile(rf"(?P<host>{_HOST}):(?P<port>[0-9]{{1,5}})")
# It stands in a comment of the User-Agent (RFC 9110, section 10.1.5).
_CONTACT = re.compile(r"(https?://|mailto:)[!-'*-~]+")


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
        contact_url: Where the owners of other sites find who fetches from them; may be empty.
    """

    bucket_name: str
    table_name: str
    retention_days: int
    max_image_bytes: int
    fetch_seconds: int
    trusted_hosts: frozenset[tuple[str, int]]
    contact_url: str

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
            retention_days=environment.read("RETENTION_DAYS", positive),
            max_image_bytes=environment.read("MAX_IMAGE_BYTES", positive),
            fetch_seconds=environment.read("FETCH_SECONDS", positive),
            trusted_hosts=environment.read("TRUSTED_IMAGE_HOSTS", _hosts, default=""),
            contact_url=environment.read("CONTACT_URL", _contact, default=""),
        )
        environment.check()
        return settings


def _contact(value: str) -> str:
    if value and not _CONTACT.fullmatch(value):
        raise ValueError("must be an http(s) or mailto URL without spaces and parentheses")
    return value


def _hosts(value: str) -> frozenset[tuple[str, int]]:
    return frozenset(_host(item.strip().lower()) for item in value.split(",") if item.strip())


def _host(item: str) -> tuple[str, int]:
    match = _TRUSTED.fullmatch(item)
    if not match or not 0 < int(match["port"]) <= _MAX_PORT:
        raise ValueError(f"must list host:port pairs; {item!r} is none")
    return match["host"].strip("[]"), int(match["port"])
