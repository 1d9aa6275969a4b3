"""Sends requests, again where that is harmless and helps."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from imagelabeller.auth import Anonymous
from imagelabeller.errors import (
    AnswerLostError,
    ImageLabellerError,
    UnreachableError,
    problem,
)
from imagelabeller.pacing import Pace

# API Gateway answers after 29 seconds at the latest.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
CONNECT_SECONDS = 10
READ_SECONDS = 35
# Half a second, one, two and four lie between them.
ATTEMPTS = 5
FIRST_BACKOFF = 0.5
# A daily quota that is used up asks for an hour or more.
LONGEST_RETRY_AFTER = 60
THROTTLED_FOR = 300
TRANSIENT = frozenset(
    {
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
# With these the application says that it has done nothing.
UNDONE = frozenset({HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(frozen=True)
class Answer:
    """An answer that is no error.

    Attributes:
        status: The HTTP status.
        headers: The headers, whose names may be written in any case.
        document: The JSON object in its body, or None.
    """

    status: int
    headers: Mapping[str, str]
    document: dict[str, Any] | None


class Transport:
    """Sends requests to one API from any number of threads.

    Args:
        auth: Proves who sends them; nobody by default.
        clock: Seconds that only grow.
        pause: Waits for some seconds; it may raise to end whatever waits.
        jitter: A random number from 0 to 1.
        refused: Makes the exception of an answer that is an error.
    """

    def __init__(
        self,
        auth: AuthBase | None = None,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] = time.sleep,
        jitter: Callable[[], float] = random.random,
        refused: Callable[[requests.Response], ImageLabellerError] | None = None,
    ) -> None:
        self._auth, self._refused = auth or Anonymous(), refused or refusal
        self._clock, self._pause, self._jitter = clock, pause, jitter
        self._pace = Pace(clock, pause)
        # A session of requests is for one thread.
        self._local = threading.local()

    def send(self, method: str, url: str, *, repeatable: bool = True, **how: Any) -> Answer:
        """Send a request until it has an answer that counts.

        A request that never left, or that the application says it has not carried out (429, 503),
        is repeated. One that may have been carried out (another 5xx, no answer) is repeated only
        where that is harmless.

        Args:
            method: The HTTP method.
            url: The URL.
            repeatable: Whether carrying it out twice is the same as once.
            **how: What `requests` takes: `params`, `json`, `data`, `files`.

        Raises:
            ProblemError: If it is refused.
            UnreachableError: If no answer comes.
            AnswerLostError: If no answer comes and the request must not be repeated.
        """
        failures, began = 0, self._clock()
        while True:
            sent = self._pace.wait()
            try:
                response = self._request(method, url, repeatable=repeatable, **how)
            except requests.RequestException as error:
                if not repeatable and not _never_left(error):
                    raise _lost(url) from error
                failures += 1
                if failures == ATTEMPTS or isinstance(error, requests.exceptions.SSLError):
                    raise UnreachableError(
                        f"{_host(url)} does not answer: {_cause(error)}"
                    ) from error
                self._pause(self._backoff(failures))
                continue
            status, wanted = response.status_code, retry_after(response.headers)
            if status == HTTPStatus.TOO_MANY_REQUESTS:
                if (wanted or 0) > LONGEST_RETRY_AFTER or self._clock() - began > THROTTLED_FOR:
                    raise self._refused(response)
                # The jitter comes on top: nobody may be earlier than asked.
                self._pace.throttled(sent, (wanted or FIRST_BACKOFF) + self._jitter() / 4)
                continue
            self._pace.passed()
            # A redirect would take the key or the picture elsewhere.
            if status < HTTPStatus.MULTIPLE_CHOICES:
                return Answer(status, response.headers, _document(response))
            failures += 1
            if status in TRANSIENT and not (repeatable or status in UNDONE):
                raise _lost(url)
            if status not in TRANSIENT or failures == ATTEMPTS:
                raise self._refused(response)
            self._pause(max(min(wanted or 0, LONGEST_RETRY_AFTER), self._backoff(failures)))

    def close(self) -> None:
        """Close this thread's kept connections."""
        if hasattr(self._local, "session"):
            self._session().close()
            del self._local.session

    def _request(self, method: str, url: str, *, repeatable: bool, **how: Any) -> requests.Response:
        # A kept connection may have been closed meanwhile, which is no answer either.
        send = self._session().request if repeatable else requests.request
        return send(
            method,
            url,
            auth=self._auth,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
            **how,
        )

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
        session: requests.Session = self._local.session
        return session

    def _backoff(self, failures: int) -> float:
        return FIRST_BACKOFF * 2.0 ** (failures - 1) * (1 + self._jitter() / 4)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of the header `Retry-After`, or None (RFC 9110, 10.2.3).

    Args:
        headers: The answer's headers.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError):
        return None


def refusal(response: requests.Response) -> ImageLabellerError:
    """Return the exception of the API's answer that is an error.

    Args:
        response: The answer.
    """
    return problem(response.status_code, _document(response), retry_after(response.headers))


def _document(response: requests.Response) -> dict[str, Any] | None:
    try:
        document = response.json()
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _lost(url: str) -> AnswerLostError:
    return AnswerLostError(
        f"{_host(url)} gave no answer, so that it is not known whether the picture was submitted. "
        "Submitting it again may store it twice."
    )


def _never_left(error: requests.RequestException) -> bool:
    """Tell whether a request failed before it was sent: no connection was made."""
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    return isinstance(error, requests.exceptions.SSLError) or isinstance(
        cause, NewConnectionError | ConnectTimeoutError
    )


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _cause(error: BaseException) -> str:
    """Return what is behind an error of requests, without the addresses of its objects."""
    match error:
        case requests.exceptions.SSLError():
            return "its certificate is not accepted."
        case requests.exceptions.ProxyError():
            return "the proxy that the environment names cannot be used."
        case requests.Timeout():
            return "it took too long."
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    if isinstance(cause, NewConnectionError) and isinstance(cause.__cause__, OSError):
        return f"{cause.__cause__.strerror}."
    return "the connection broke."
