"""The pictures that a command line names."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from imagelabeller import formats
from imagelabeller.errors import FileError

URL = ("http://", "https://")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|data:")
# As far as a path, a query or a fragment, an address names the server only.
CREDENTIALS = re.compile(r"[A-Za-z]+://[^/?#]*@")
SHOWN = 80


@dataclass(frozen=True)
class Picture:
    """A picture to label.

    Attributes:
        name: As the user named it: a path or a URL.
        path: The file, or None for a URL.
    """

    name: str
    path: Path | None = None

    @property
    def key(self) -> str:
        """What tells it from others, whatever its name: a file's digest, or the URL.

        Raises:
            FileError: If the file cannot be read.
        """
        if self.path is None:
            return f"url:{self.name}"
        try:
            with self.path.open("rb") as file:
                return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
        except OSError as error:
            raise FileError(f"The file cannot be read: {error.strerror}.") from error


def named(words: Iterable[str], say: Callable[[str], object]) -> list[Picture]:
    """Return the pictures that words name: files, folders of files, and URLs.

    Args:
        words: As they were typed.
        say: Takes a sentence for each folder in which files are passed over.

    Raises:
        FileError: If one is not there, a folder holds none, or a URL has credentials.
    """
    return [picture for word in words for picture in _named(word, say)]


def in_folder(folder: Path) -> list[Path]:
    """Return the pictures in a folder, by their names' endings and in their order.

    Args:
        folder: The folder, without those in it.

    Raises:
        FileError: If there are none.
    """
    found = sorted(path for path in folder.glob("*") if formats.is_picture(path))
    if not found:
        raise FileError(f"There are no photographs in {printable(str(folder))}.")
    return found


def is_text(word: str) -> bool:
    """Tell whether a word is UTF-8, which a file's name need not be but what is sent must.

    Args:
        word: As it was typed.
    """
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(text: str) -> str:
    """Return text that any terminal can show, with all that would steer it escaped.

    Args:
        text: A name or a message from elsewhere.
    """
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def _named(word: str, say: Callable[[str], object]) -> list[Picture]:
    if word.lower().startswith(URL):
        if CREDENTIALS.match(word):
            # Not quoted: messages and results end up in logs.
            raise FileError(
                "An address has a user name or a password, which the application refuses: save the"
                " picture, and name its file."
            )
        if not is_text(word):
            raise FileError(f"{printable(word[:SHOWN])} is no address: it is not UTF-8.")
        return [Picture(word)]
    path = Path(word)
    try:
        # Path("") is the current folder.
        if word and path.is_dir():
            return [Picture(str(each), each) for each in _in_folder(path, say)]
        exists = path.is_file() or path.exists()
    except OSError:
        exists = False
    if not exists and SCHEME.match(word):
        raise FileError(
            f"{printable(word[:SHOWN])} is an address of a kind that cannot be labelled: it must "
            "begin with http:// or https://."
        )
    if not word or not exists:
        raise FileError(f"There is no file {printable(word)}.")
    if not path.is_file():
        raise FileError(f"{printable(word)} is neither a file nor a folder.")
    return [Picture(word, path)]


def _in_folder(folder: Path, say: Callable[[str], object]) -> list[Path]:
    found = in_folder(folder)
    others = sorted(
        path for path in folder.glob("[!.]*") if path.is_file() and not formats.is_picture(path)
    )
    if others:
        count = "1 file is" if len(others) == 1 else f"{len(others)} files are"
        say(
            f"In {printable(str(folder))}, {count} passed over, whose names do not end as those of"
            f" photographs do: {_some(others)}. Name a file to have it labelled all the same."
        )
    return found


def _some(paths: list[Path], most: int = 3) -> str:
    """Return the names of the first few."""
    names = [printable(path.name) for path in paths[:most]]
    return ", ".join([*names, "…"] if len(paths) > most else names)
