"""Clients that submit pictures all the time, and remember what they were told."""

import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import urllib3
from local_aws.api import Route
from urllib3.exceptions import HTTPError

CLIENTS = 3
PATIENCE = 60
# Below the API's throttle, and a pause where nobody listens.
PAUSE = 0.3
ACCEPTED = 202
FOUND = 200
NOTHING = "no answer"


class Submitters:
    """Some clients at work, while the block lasts.

    Args:
        submit: The route that takes pictures.
        look_up: The route that gives labels.
        urls: Where pictures can be fetched.

    Attributes:
        told: The ids that were answered with 202, and when (`time.monotonic`).
        refused: What else was answered to a submission, and how often.
        seen: What the look-ups of an id gave, in order: a status, or what else was answered.
    """

    def __init__(self, submit: Route, look_up: Route, urls: Sequence[str]) -> None:
        self._submit, self._look_up, self._urls = submit, look_up, urls
        self.told: dict[str, float] = {}
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
        wanted, deadline = len(self.told) + number, time.monotonic() + PATIENCE
        while len(self.told) < wanted:
            assert time.monotonic() < deadline, f"nothing is accepted any more: {self.refused}"
            time.sleep(0.02)

    def look_up(self, image: str) -> str:
        """Look a picture up, and return its status or what else was answered."""
        code, body = _get(self._look_up, imageId=image)
        answer = str(body.get("Status")) if code == str(FOUND) else code
        self.seen.setdefault(image, []).append(answer)
        return answer

    def _work(self) -> None:
        mine: list[str] = []
        while not self._over.is_set():
            code, body = _get(self._submit, url=self._urls[len(mine) % len(self._urls)])
            if code == str(ACCEPTED):
                mine.append(str(body["ImageId"]))
                self.told[mine[-1]] = time.monotonic()
            else:
                self.refused[code] += 1
            # The oldest has its label soon, and must not lose it; the newest waits.
            for image in {*mine[:1], *mine[-1:]}:
                self.look_up(image)
            self._over.wait(PAUSE)


def _get(route: Route, **query: str) -> tuple[str, dict[str, Any]]:
    """Return an answer's status and document, or that there was none."""
    headers = {"x-api-key": route.key or ""}
    try:
        with urllib3.PoolManager(retries=False, timeout=60) as pool:
            answer = pool.request("GET", f"{route.url}?{urlencode(query)}", headers=headers)
    except HTTPError:
        return NOTHING, {}
    return str(answer.status), json.loads(answer.data)
