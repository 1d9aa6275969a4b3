"""What was submitted already, so that the same command does not submit it again."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

import platformdirs

from imagelabeller.errors import ConfigurationError

NAME = "submitted.sqlite3"
# An entry is of no use when the application has deleted the picture: 30 days by default.
KEPT_SECONDS = 90 * 24 * 3600
# What a URL gives may be another picture tomorrow.
URL_SECONDS = 24 * 3600
BUSY_SECONDS = 30

SCHEMA = """
CREATE TABLE IF NOT EXISTS submitted (
    api TEXT NOT NULL,
    picture TEXT NOT NULL,
    image_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (api, picture)
) WITHOUT ROWID
"""


class Stage(StrEnum):
    """How far a picture has come."""

    PERMITTED = "permitted"
    SUBMITTED = "submitted"
    ENDED = "ended"


@dataclass(frozen=True)
class Entry:
    """A picture that was submitted, or will have been.

    Attributes:
        image_id: The id of the upload and the image.
        stage: How far it has come.
        at: When that was, in seconds of the epoch.
    """

    image_id: str
    stage: Stage
    at: float


class Store:
    """A small database for one API; several processes may use it at once.

    Args:
        path: Its file, or None for one in memory.
        api: The API's address.
        clock: Seconds of the epoch.
    """

    def __init__(self, path: Path | None, api: str, clock: Callable[[], float] = time.time) -> None:
        self._api, self._clock = api, clock
        self._lock = threading.Lock()
        self._database = _open(path)
        with self._lock, self._database:
            self._database.execute("DELETE FROM submitted WHERE at < ?", (clock() - KEPT_SECONDS,))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @classmethod
    def of_user(cls, api: str, directory: Path | None = None) -> Self:
        """Open the user's own.

        Args:
            api: The API's address.
            directory: Where it is; by default the system's directory for state.

        Raises:
            ConfigurationError: If it cannot be opened.
        """
        directory = directory or platformdirs.user_state_path("imagelabeller", appauthor=False)
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(
                f"{directory} cannot be written to ({error.strerror}). Name another directory for "
                "what was submitted already: --state DIRECTORY, or IMAGELABELLER_CLIENT_STATE."
            ) from error
        return cls(directory / NAME, api)

    def get(self, picture: str) -> Entry | None:
        """Return what is known about a picture, or None.

        Args:
            picture: The digest or the URL.
        """
        with self._lock:
            row = self._database.execute(
                "SELECT image_id, stage, at FROM submitted WHERE api = ? AND picture = ?",
                (self._api, picture),
            ).fetchone()
        return Entry(row[0], Stage(row[1]), row[2]) if row else None

    def put(self, picture: str, image_id: str, stage: Stage) -> None:
        """Remember how far a picture has come, also when the process is killed afterwards.

        Args:
            picture: The digest or the URL.
            image_id: The id of the upload and the image.
            stage: How far it has come.
        """
        with self._lock, self._database:
            self._database.execute(
                "INSERT OR REPLACE INTO submitted VALUES (?, ?, ?, ?, ?)",
                (self._api, picture, image_id, stage, self._clock()),
            )

    def forget(self, image_id: str) -> None:
        """Forget an image.

        Args:
            image_id: Its id.
        """
        with self._lock, self._database:
            self._database.execute(
                "DELETE FROM submitted WHERE api = ? AND image_id = ?", (self._api, image_id)
            )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()


def _open(path: Path | None) -> sqlite3.Connection:
    """Open the database, and begin another where it is damaged: only time is lost by that."""
    try:
        return _connect(path)
    except sqlite3.DatabaseError as error:
        if path is None or isinstance(error, sqlite3.OperationalError):
            raise ConfigurationError(f"{path} cannot be used: {error}.") from error
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(".damaged"))
    try:
        return _connect(path)
    except sqlite3.DatabaseError as error:
        raise ConfigurationError(f"{path} is damaged, and cannot be replaced.") from error


def _connect(path: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(path or ":memory:", timeout=BUSY_SECONDS, check_same_thread=False)
    try:
        # It outlives the process, but perhaps not a power failure, which costs a second upload.
        connection.execute("PRAGMA synchronous = OFF")
        with connection:
            connection.execute(SCHEMA)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
