"""Labels one picture, from wherever an earlier attempt has left it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from imagelabeller.client import LABEL_SECONDS, PERMISSIONS, Client
from imagelabeller.errors import (
    FileError,
    ForbiddenError,
    ImageLabellerError,
    LabellingFailedError,
    ThrottledError,
    UnknownImageError,
    UnreachableError,
    UploadExpiredError,
)
from imagelabeller.pictures import Picture
from imagelabeller.results import Image
from imagelabeller.store import URL_SECONDS, Entry, Stage, Store

# Where one picture meets these, so does every other.
FOR_ALL = (ForbiddenError, ThrottledError, UnreachableError)


class Result(StrEnum):
    """What has become of a picture in this run."""

    LABELLED = "labelled"
    FAILED = "failed"
    UNFINISHED = "unfinished"


@dataclass(frozen=True)
class Outcome:
    """A picture and what has become of it.

    Attributes:
        picture: The picture.
        result: Whether it has labels, will get none, or is left for the next run.
        image: Its labels, if it has them.
        error: Why it has none, if it has none.
        image_id: Its id, if it was submitted.
        seconds: How long it took.
    """

    picture: Picture
    result: Result
    image: Image | None = None
    error: ImageLabellerError | None = None
    image_id: str | None = None
    seconds: float = 0.0


class Labelling:
    """Labels pictures, each of them once.

    The upload's id is remembered before the file is sent, and the API takes it as the image's, so
    that an interruption at any point submits nothing twice. A URL is remembered when the API has
    answered: a process that is killed in between leaves an image that nobody knows.

    Args:
        client: The API.
        store: What was submitted already.
        again: Whether what has labels already is labelled once more.
        timeout: Seconds to wait for the labels of a picture.
        clock: Seconds of the epoch.
    """

    def __init__(
        self,
        client: Client,
        store: Store,
        *,
        again: bool = False,
        timeout: float = LABEL_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client, self._store = client, store
        self._again, self._timeout, self._clock = again, timeout, clock
        self._began = clock()
        # The same bytes may have two names.
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def label(self, picture: Picture) -> Outcome:
        """Label a picture.

        Args:
            picture: The picture.

        Returns:
            What has become of it.

        Raises:
            ImageLabellerError: If no other picture can be labelled either.
        """
        began, image_id = self._clock(), None
        try:
            key = picture.key
            with self._alone(key):
                image_id = self._resumed(picture, key) or self._submitted(picture, key)
                image = self._wait(key, image_id)
        except FOR_ALL:
            raise
        except ImageLabellerError as error:
            return Outcome(picture, Result.FAILED, None, error, image_id, self._clock() - began)
        return Outcome(picture, Result.LABELLED, image, None, image_id, self._clock() - began)

    def _alone(self, key: str) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(key, threading.Lock())

    def _resumed(self, picture: Picture, key: str) -> str | None:
        """Return the id under which an earlier attempt has submitted a picture, or None."""
        entry = self._store.get(key)
        if entry is None or self._is_out_of_date(picture, entry):
            return None
        try:
            if entry.stage is Stage.PERMITTED:
                # Only the API knows whether the file has arrived.
                self._client.submit_upload(entry.image_id)
                self._store.put(key, entry.image_id, Stage.SUBMITTED)
            else:
                self._client.look_up(entry.image_id)
        except UnknownImageError:
            self._store.forget(entry.image_id)
            return None
        return entry.image_id

    def _is_out_of_date(self, picture: Picture, entry: Entry) -> bool:
        if entry.stage is Stage.ENDED and self._again and entry.at < self._began:
            return True
        return picture.path is None and entry.at < self._clock() - URL_SECONDS

    def _submitted(self, picture: Picture, key: str) -> str:
        """Submit a picture and return its id."""
        if picture.path is None:
            image_id = self._client.submit_url(picture.name)
        else:
            image_id = self._uploaded(picture, picture.path, key)
            self._client.submit_upload(image_id)
        self._store.put(key, image_id, Stage.SUBMITTED)
        return image_id

    def _uploaded(self, picture: Picture, path: Path, key: str) -> str:
        for left in reversed(range(PERMISSIONS)):
            upload = self._client.request_upload(path)
            self._store.put(key, upload.id, Stage.PERMITTED)
            try:
                self._client.send_upload(upload, path)
                break
            except UploadExpiredError:
                if not left:
                    raise
        if picture.key != key:
            self._store.forget(upload.id)
            raise FileError("The file changed while it was uploaded.")
        return upload.id

    def _wait(self, key: str, image_id: str) -> Image:
        try:
            image = self._client.wait(image_id, self._timeout)
        except LabellingFailedError:
            # The next run tries it once more.
            self._store.forget(image_id)
            raise
        self._store.put(key, image_id, Stage.ENDED)
        return image
