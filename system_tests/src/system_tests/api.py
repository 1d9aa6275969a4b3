"""One of the system's APIs, called over HTTP."""

import time
from collections.abc import Callable
from typing import Any

import requests
from requests.auth import AuthBase
from requests.structures import CaseInsensitiveDict

from system_tests.answers import Answer

TOO_MANY_REQUESTS = 429
ATTEMPTS = 8
LONGEST_PAUSE_SECONDS = 10.0


class Api:
    """An API.

    Args:
        url: The URL of its route.
        auth: How requests prove who sends them.
        timeout: Seconds that may pass without a byte.
        pause: Waits; for tests of this class.
    """

    def __init__(
        self, url: str, auth: AuthBase, timeout: float, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self.url = url
        self.auth = auth
        self._timeout = timeout
        self._pause = pause

    def get(self, query: str | dict[str, Any], auth: AuthBase | None = None) -> Answer:
        """Send a GET.

        Args:
            query: The query, either its parameters or as it stands.
            auth: Another way than the API's usual to prove who sends it.

        Returns:
            The answer.
        """
        return self.request("GET", auth=auth, params=query)

    def post(self, body: object, auth: AuthBase | None = None) -> Answer:
        """Send a POST with a JSON body.

        Args:
            body: What is sent as JSON.
            auth: Another way than the API's usual to prove who sends it.

        Returns:
            The answer.
        """
        return self.request("POST", auth=auth, json=body)

    def request(self, method: str, *, auth: AuthBase | None = None, **how: Any) -> Answer:
        """Send a request, and send it again while the API answers that it is throttled.

        Args:
            method: The HTTP method.
            auth: Another way than the API's usual to prove who sends it.
            **how: What `requests` takes.

        Returns:
            The answer; its body is None where it is not JSON.
        """
        for attempt in range(1, ATTEMPTS + 1):
            response = requests.request(
                method,
                self.url,
                auth=auth or self.auth,
                timeout=self._timeout,
                allow_redirects=False,
                **how,
            )
            if response.status_code != TOO_MANY_REQUESTS or attempt == ATTEMPTS:
                break
            self._pause(_seconds(response.headers, attempt))
        return Answer(response.status_code, response.headers, _json(response))


def _seconds(headers: CaseInsensitiveDict[str], attempt: int) -> float:
    wanted = headers.get("Retry-After", "")
    seconds = float(wanted) if wanted.isdecimal() else 0.25 * 2**attempt
    return min(seconds, LONGEST_PAUSE_SECONDS)


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except requests.JSONDecodeError:
        return None
