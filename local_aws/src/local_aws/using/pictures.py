"""Which pictures on this machine are meant."""

import glob
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from local_aws.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

# The endings that programs give to files of the accepted formats.
KINDS = {
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".pjpeg", ".pjp", ".mpo"),
    *(".png", ".apng", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff"),
    *(".avif", ".avifs", ".heic", ".heics", ".heif", ".heifs", ".hif"),
}


def named(text: str, say: "Callable[[str], object]") -> list[Path]:
    """Return the pictures that FILE names.

    Args:
        text: A path as it is, or several as in a shell, quoted where they have spaces and with
            `*` for any part of a name; a folder stands for the pictures in it.
        say: Takes a sentence for each folder in which files are passed over.

    Raises:
        UsageError: If one is not there, or a folder holds none.
    """
    if os.path.lexists(text):
        return _pictures(Path(text), say)
    if text.startswith(("http://", "https://")):
        raise UsageError("FILE is for files on this machine: make label URL=…")
    try:
        separate = shlex.split(text)
    except ValueError:
        separate = []
    found = [(word, _paths(word)) for word in separate]
    missing = [word for word, paths in found if not paths]
    if missing and len(separate) > 1:
        raise UsageError(
            f"There is no file {printable(missing[0])}. Quote a name that has spaces, as in "
            f"""FILE="'one picture.jpg' another.jpg"."""
        )
    if missing or not separate:
        raise UsageError(f"There is no file {printable(text)}.")
    return [picture for _, paths in found for path in paths for picture in _pictures(path, say)]


def in_folder(folder: Path) -> list[Path]:
    """Return the pictures in a folder, by their names' endings.

    Raises:
        UsageError: If there are none.
    """
    found = sorted(path for path in folder.glob("*") if _is_picture(path))
    if not found:
        raise UsageError(f"There are no photographs in {printable(str(folder))}.")
    return found


def printable(text: str) -> str:
    """Return text that any terminal can show, with all that would steer it escaped.

    Args:
        text: A name or a message from elsewhere.
    """
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def _paths(word: str) -> list[Path]:
    path = str(Path(word).expanduser())
    if os.path.lexists(path):
        return [Path(path)]
    return [Path(name) for name in sorted(glob.glob(path))]  # noqa: PTH207 # Path.glob takes no absolute pattern


def _pictures(path: Path, say: "Callable[[str], object]") -> list[Path]:
    if not path.is_dir():
        return [path]
    found = in_folder(path)
    others = [each for each in path.glob("[!.]*") if each.is_file() and not _is_picture(each)]
    if others:
        count = "1 file is" if len(others) == 1 else f"{len(others)} files are"
        say(
            f"In {printable(str(path))}, {count} passed over, whose names do not end as those of"
            f" photographs do: {_some(others)}. FILE= takes each by its own name."
        )
    return found


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in KINDS and not path.is_dir()


def _some(paths: list[Path], most: int = 3) -> str:
    """Return the names of the first few."""
    names = [printable(path.name) for path in sorted(paths)[:most]]
    return ", ".join([*names, "…"] if len(paths) > most else names)
