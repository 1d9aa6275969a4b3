"""Where the API is, by the command line and the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from requests.auth import AuthBase

from imagelabeller import stacks
from imagelabeller.auth import Anonymous, ApiKey, AuthMode, SigV4
from imagelabeller.client import Connection
from imagelabeller.errors import ConfigurationError

PREFIX = "IMAGELABELLER_"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is set; the command line counts more than the environment.

    Attributes:
        api: The address that both APIs share, such as the website's.
        submit_api: The URL of the route that takes pictures.
        look_up_api: The URL of the route that gives labels.
        key: The API key.
        auth_mode: Who may call the API; by default whoever has the key, if there is one.
        region: The AWS region.
        submit_stack: Name of the stack of submit_image.
        look_up_stack: Name of the stack of get_image_label.
        state: The directory for what was submitted already; None for the system's.
    """

    api: str | None = None
    submit_api: str | None = None
    look_up_api: str | None = None
    key: str | None = None
    auth_mode: str | None = None
    region: str | None = None
    submit_stack: str = stacks.SUBMIT_STACK
    look_up_stack: str = stacks.LOOK_UP_STACK
    state: Path | None = None

    @classmethod
    def read(cls, environ: Mapping[str, str], given: Mapping[str, str | None]) -> Self:
        """Read the settings.

        Args:
            environ: Environment variables.
            given: What the command line says, by the attributes' names.
        """

        def value(name: str, variable: str) -> str | None:
            # A key on a command line would be seen by every user of the machine.
            return given.get(name) or environ.get(PREFIX + variable) or None

        state = value("state", "CLIENT_STATE")
        return cls(
            api=value("api", "API"),
            submit_api=value("submit_api", "SUBMIT_API"),
            look_up_api=value("look_up_api", "LOOKUP_API"),
            key=environ.get(f"{PREFIX}API_KEY", "").strip() or None,
            auth_mode=value("auth_mode", "AUTH_MODE"),
            region=given.get("region") or environ.get("AWS_REGION"),
            submit_stack=value("submit_stack", "SUBMIT_STACK") or stacks.SUBMIT_STACK,
            look_up_stack=value("look_up_stack", "LOOKUP_STACK") or stacks.LOOK_UP_STACK,
            state=Path(state) if state else None,
        )

    def connection(self) -> Connection:
        """Return where the API is, and how requests prove who sends them.

        Raises:
            ConfigurationError: If that is not known.
        """
        if self.api:
            return Connection.at(_address(self.api), self._auth())
        if self.submit_api and self.look_up_api:
            auth = self._auth()
            return Connection(_address(self.submit_api), _address(self.look_up_api), auth, auth)
        if self.submit_api or self.look_up_api:
            raise ConfigurationError(
                "Set both IMAGELABELLER_SUBMIT_API and IMAGELABELLER_LOOKUP_API, or "
                "IMAGELABELLER_API where both have one address."
            )
        return stacks.find(self.submit_stack, self.look_up_stack, self.region, self.key)

    def _auth(self) -> AuthBase:
        mode = self.auth_mode or (AuthMode.API_KEY if self.key else None)
        match mode:
            case AuthMode.NONE:
                return Anonymous()
            case AuthMode.IAM:
                return SigV4.of_session(self.region)
            case AuthMode.API_KEY if self.key:
                return ApiKey(self.key)
        if mode not in {None, AuthMode.API_KEY}:
            names = ", ".join(AuthMode)
            raise ConfigurationError(f"There is no AuthMode {mode!r}; there are {names}.")
        raise ConfigurationError(
            "The API key is missing: set IMAGELABELLER_API_KEY, or --auth-mode IAM or None."
        )


def _address(text: str) -> str:
    """Return the address of an API.

    Raises:
        ConfigurationError: If it is none, or would send the key in the clear.
    """
    try:
        parts = urlsplit(text)
        host = parts.hostname
        # A port beyond 65535, or an empty part of the name, is found only where it is asked for.
        _ = parts.port, (host or "").encode("idna")
    except ValueError:
        host = None
    if host is None or parts.scheme not in {"http", "https"}:
        raise ConfigurationError(f"{text!r} is not the address of an API: https://….")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise ConfigurationError(
            f"{text} would send the key and the pictures unencrypted: use https."
        )
    return text
