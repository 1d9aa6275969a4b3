"""How a request proves who sends it."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, ReadOnlyCredentials
from requests import PreparedRequest
from requests.auth import AuthBase


class Anonymous(AuthBase):
    """Sends nothing."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Leave the request as it is, and keep `requests` from reading ~/.netrc."""
        return request


@dataclass(frozen=True)
class ApiKey(AuthBase):
    """Sends an API key.

    Attributes:
        key: The key's value.
    """

    key: str

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add the header x-api-key."""
        request.headers["x-api-key"] = self.key
        return request


@dataclass(frozen=True)
class SigV4(AuthBase):
    """Signs a request for `execute-api` by AWS Signature Version 4.

    Attributes:
        credentials: Who signs.
        region: The API's region.
    """

    credentials: Credentials | ReadOnlyCredentials
    region: str

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Write the query as the signature's canonical form wants it, and add the headers."""
        parts = urlsplit(str(request.url))
        query = urlencode(
            parse_qsl(parts.query, keep_blank_values=True), quote_via=quote, safe="-_.~"
        )
        request.url = urlunsplit(parts._replace(query=query))
        signed = AWSRequest(method=request.method, url=request.url, data=request.body)
        SigV4Auth(self.credentials, "execute-api", self.region).add_auth(signed)
        request.headers.update(dict(signed.headers.items()))
        return request
