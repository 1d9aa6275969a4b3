import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.evaluation.photographs import FetchError, UnavailableError, read

(STAMPS,) = (source for source in read() if source.registry == "Debian")
# What is not the package, in place of a download.
OTHER_BYTES = """#!/bin/sh
case "$*" in *download*) echo other > stamps.deb;; esac
"""
NOT_IN_THIS_RELEASE = """#!/bin/sh
case "$*" in *download*) echo "W: a warning
E: Version was not found" >&2; exit 100;; esac
"""

type Install = Callable[[str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put an apt-get of a test's own, and a dpkg-deb that fails, in the place of all programs."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))

    def write(script: str) -> None:
        for name, content in (("apt-get", script), ("dpkg-deb", "#!/bin/sh\nexit 1\n")):
            (programs / name).write_text(content)
            (programs / name).chmod(0o755)

    return write


@pytest.mark.usefixtures("install")
def test_a_machine_without_apt_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="there is no apt-get"):
        STAMPS.fetch(tmp_path)


def test_a_release_without_the_version_is_reported_with_apts_message(
    install: Install, tmp_path: Path
) -> None:
    install(NOT_IN_THIS_RELEASE)

    with pytest.raises(UnavailableError, match=r"^apt-get: E: Version was not found$"):
        STAMPS.fetch(tmp_path)


def test_a_package_of_another_digest_is_refused(install: Install, tmp_path: Path) -> None:
    install(OTHER_BYTES)

    with pytest.raises(FetchError, match=r"stamps\.deb has another digest"):
        STAMPS.fetch(tmp_path)


def test_what_could_not_be_unpacked_is_not_taken_for_unpacked_the_next_time(
    install: Install, tmp_path: Path
) -> None:
    install(OTHER_BYTES)
    other = replace(STAMPS, sha256=hashlib.sha256(b"other\n").hexdigest())

    for _ in range(2):
        with pytest.raises(FetchError, match=r"^dpkg-deb: it said nothing$"):
            other.fetch(tmp_path)
