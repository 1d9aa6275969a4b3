"""Clients that submit pictures all the time, and remember what was accepted."""

import json
import threading
import time
from collections import Counter
from collections.abc import Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import urllib3
from local_aws.using.api import Route
from urllib3.exceptions import HTTPError

from tests.application import Application

CLIENTS = 3
TIMEOUT = 60
# Below the API's throttle, and a pause where nobody listens.
PAUSE = 0.3
# In this order alone may answers about one picture come, whatever comes in between.
UNKNOWN = "404"
ANSWERS = ("NOT_CLASSIFIED", "CLASSIFIED", UNKNOWN)
ACCEPTED = "202"
FOUND = "200"
NOTHING = "no answer"


class Submitters:
    """Some clients at work, while the block lasts.

    Args:
        application: The application.
        urls: Where pictures can be fetched.
        pause: Seconds between two submissions of a client.

    Attributes:
        accepted: The ids that were answered with 202, and when (`time.monotonic`).
        refused: What else was answered to a submission, and how often.
        seen: What the look-ups of an id gave, in order: a status, or what else was answered.
    """

    def __init__(self, application: Application, urls: Sequence[str], pause: float = PAUSE) -> None:
        self._submit, self._look_up = application.submit_route, application.look_up_route
        self._urls, self._pause = urls, pause
        self.accepted: dict[str, float] = {}
        self.refused: Counter[str] = Counter()
        self.seen: dict[str, list[str]] = {}
        self._over = threading.Event()
        self._pool = ThreadPoolExecutor(CLIENTS)
        self._clients: list[Future[None]] = []

    def __enter__(self) -> Self:
        self._clients = [self._pool.submit(self._work) for _ in range(CLIENTS)]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self._pool.shutdown()
        for client in self._clients:
            client.result()

    def go_on(self, number: int) -> None:
        """Wait until so many more pictures are accepted."""
        wanted, deadline = len(self.accepted) + number, time.monotonic() + TIMEOUT
        while len(self.accepted) < wanted:
            assert time.monotonic() < deadline, f"nothing is accepted any more: {self.refused}"
            time.sleep(0.02)

    def look_up(self, image: str) -> str:
        """Look a picture up, and return its status or what else was answered."""
        code, body = _get(self._look_up, imageId=image)
        answer = str(body.get("Status")) if code == FOUND else code
        self.seen.setdefault(image, []).append(answer)
        return answer

    def contradictions(self, lost: Collection[str] = ()) -> dict[str, list[str]]:
        """Return what was said of pictures that are unknown although there, or wait again.

        Args:
            lost: Pictures that may be unknown.
        """
        found = {}
        for image in self.accepted:
            answers = [answer for answer in self.seen.get(image, []) if answer in ANSWERS]
            if answers != sorted(answers, key=ANSWERS.index) or (
                image not in lost and UNKNOWN in answers
            ):
                found[image] = answers
        return found

    def _work(self) -> None:
        mine: list[str] = []
        while not self._over.is_set():
            code, body = _get(self._submit, url=self._urls[len(mine) % len(self._urls)])
            if code == ACCEPTED:
                mine.append(str(body["ImageId"]))
                self.accepted[mine[-1]] = time.monotonic()
            else:
                self.refused[code] += 1
            # The oldest has its label soon, and must not lose it; the newest waits.
            for image in {*mine[:1], *mine[-1:]}:
                self.look_up(image)
            self._over.wait(self._pause)


def _get(route: Route, **query: str) -> tuple[str, dict[str, Any]]:
    """Return an answer's status and document, or that there was none."""
    headers = {"x-api-key": route.key or ""}
    try:
        with urllib3.PoolManager(retries=False, timeout=60) as pool:
            answer = pool.request("GET", f"{route.url}?{urlencode(query)}", headers=headers)
    except HTTPError:
        return NOTHING, {}
    try:
        return str(answer.status), json.loads(answer.data)
    except ValueError:
        return str(answer.status), {}
