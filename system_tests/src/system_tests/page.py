"""The page for people, at the address at which its distribution serves it with the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from system_tests.auth import Anonymous


@dataclass(frozen=True)
class Page:
    """The page.

    Attributes:
        url: Where it answers, with a slash at the end.
        timeout: Seconds that may pass without a byte.
        headers: Headers of each request.
    """

    url: str
    timeout: float
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str = "", auth: AuthBase | None = None) -> requests.Response:
        """Send a GET.

        Args:
            path: The path and query, relative to the page's address.
            auth: How the request proves who sends it; by default it does not.

        Returns:
            The response; redirects are not followed.
        """
        return requests.get(
            self.url + path,
            auth=auth or Anonymous(),
            headers=self.headers,
            timeout=self.timeout,
            allow_redirects=False,
        )


def page_at(url: str, endpoint: str | None, timeout: float) -> Page:
    """Return the page that a stack names.

    The embedded cloud has one port for all distributions and tells them apart by the header `Host`.

    Args:
        url: The stack's output `WebsiteURL`.
        endpoint: The embedded cloud's URL, or None for AWS.
        timeout: Seconds that may pass without a byte.

    Returns:
        The page, where it can be reached.
    """
    if endpoint is None:
        return Page(url, timeout)
    headers = {"Host": urlsplit(url).netloc, "X-Forwarded-Proto": "https"}
    return Page(f"{endpoint}/", timeout, headers)
