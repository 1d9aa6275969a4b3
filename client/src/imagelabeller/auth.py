"""How a request proves who sends it: the API's parameter `AuthMode`."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from requests import PreparedRequest
from requests.auth import AuthBase

from imagelabeller.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.credentials import ReadOnlyCredentials

EXTRA = "This needs the AWS SDK: pip install 'imagelabeller[aws]'."


class AuthMode(StrEnum):
    """Who may call the API."""

    API_KEY = "ApiKey"
    IAM = "IAM"
    NONE = "None"


class Anonymous(AuthBase):
    """Sends nothing, and keeps `requests` from reading ~/.netrc."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Leave the request as it is."""
        return request


@dataclass(frozen=True)
class ApiKey(AuthBase):
    """Sends an API key.

    Attributes:
        key: The key's value.

    Raises:
        ConfigurationError: If it has characters that no API key has, and no header may have.
    """

    key: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be sent, and do not repeat it: it may be another secret."""
        if not (self.key.isascii() and self.key.isprintable()) or " " in self.key:
            raise ConfigurationError(
                "The API key has characters that no API key has, such as spaces or letters beyond "
                "ASCII: check IMAGELABELLER_API_KEY."
            )

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add the header `x-api-key`."""
        request.headers["x-api-key"] = self.key
        return request


@dataclass(frozen=True)
class SigV4(AuthBase):
    """Signs requests for `execute-api` by AWS Signature Version 4.

    Attributes:
        credentials: Returns the credentials that hold now; those of a session are renewed.
        region: The API's region.
    """

    credentials: "Callable[[], ReadOnlyCredentials]" = field(repr=False)
    region: str

    @classmethod
    def of_session(cls, region: str | None = None) -> Self:
        """Sign with the credentials that the AWS SDK finds: variables, profile, role.

        Args:
            region: The API's region; the session's by default.

        Raises:
            ConfigurationError: If there are no credentials, no region or no AWS SDK.
        """
        try:
            import boto3  # noqa: PLC0415 # an extra
            from botocore.exceptions import BotoCoreError  # noqa: PLC0415 # an extra
        except ImportError as error:
            raise ConfigurationError(f"AuthMode IAM signs requests. {EXTRA}") from error
        try:
            session = boto3.Session(region_name=region)
            found = session.get_credentials()
        except BotoCoreError as error:
            raise ConfigurationError(f"The AWS credentials cannot be read: {error}") from error
        if found is None:
            raise ConfigurationError(
                "AuthMode IAM needs AWS credentials, and the AWS SDK finds none: set AWS_PROFILE, "
                "or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            )
        if session.region_name is None:
            raise ConfigurationError("AuthMode IAM needs the API's region: --region or AWS_REGION.")
        return cls(found.get_frozen_credentials, session.region_name)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Write the query as the signature's canonical form wants it, and add the headers."""
        from botocore.auth import SigV4Auth  # noqa: PLC0415 # an extra
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415 # an extra

        parts = urlsplit(str(request.url))
        query = urlencode(
            parse_qsl(parts.query, keep_blank_values=True), quote_via=quote, safe="-_.~"
        )
        request.url = urlunsplit(parts._replace(query=query))
        signed = AWSRequest(method=request.method, url=request.url, data=request.body)
        SigV4Auth(self.credentials(), "execute-api", self.region).add_auth(signed)
        request.headers.update(dict(signed.headers.items()))
        return request
