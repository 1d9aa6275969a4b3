"""Packages the page under the names that it is served by: `python -m publication.release`.

A release is one directory, `assets/<digest>`, and the page that refers to it. The digest is that of
all files in the directory, so that a file's address says what is in it, and modules find each other
by the names that they have in the source: nothing in them is rewritten.
"""

import hashlib
import re
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

PAGE = "index.html"
ASSETS = "assets"
DIGITS = 16
# How files are announced to a browser, which may not guess (nosniff).
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
REFERENCE = re.compile(
    r"""(?P<before>\s(?:href|src)=)(?P<quote>["'])(?P<target>[^"']*)(?P=quote)"""
)
ELSEWHERE = re.compile(r"#|/|[A-Za-z][A-Za-z0-9+.-]*:|$")


class ReleaseError(Exception):
    """The page cannot be packaged; the message says why."""


def files(page: Path) -> dict[str, bytes]:
    """Read the page's files, but for hidden ones and documentation.

    Args:
        page: The page's directory.

    Returns:
        By path below the directory, the content.

    Raises:
        ReleaseError: If there is no page, or a file of a type that is not known.
    """
    found = {
        path.relative_to(page).as_posix(): path.read_bytes()
        for path in sorted(page.rglob("*"))
        if path.is_file() and path.suffix != ".md" and not path.name.startswith(".")
    }
    if PAGE not in found:
        raise ReleaseError(f"{page / PAGE} is missing.")
    unknown = [name for name in found if PurePosixPath(name).suffix not in TYPES]
    if unknown:
        raise ReleaseError(
            f"{page / unknown[0]} is of a type that cannot be announced to browsers. Add "
            f"{PurePosixPath(unknown[0]).suffix or 'a suffix'} to TYPES in {__file__}."
        )
    return found


def released(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Name the page's files as they are served.

    Args:
        contents: By path in the page's directory, the content.

    Returns:
        By key in the bucket, the content.

    Raises:
        ReleaseError: If the page refers to a file that is not there.
    """
    assets = {name: content for name, content in contents.items() if name != PAGE}
    directory = f"{ASSETS}/{digest(assets)}"

    def renamed(found: re.Match[str]) -> str:
        target = found["target"].removeprefix("./")
        if ELSEWHERE.match(target):
            return found[0]
        if target not in assets:
            raise ReleaseError(f"{PAGE} refers to {found['target']}, which is not there.")
        return f"{found['before']}{found['quote']}{directory}/{target}{found['quote']}"

    page = REFERENCE.sub(renamed, contents[PAGE].decode("utf-8"))
    served = {f"{directory}/{name}": content for name, content in assets.items()}
    return served | {PAGE: page.encode()}


def digest(assets: Mapping[str, bytes]) -> str:
    """Return a digest of files and their names, in hexadecimal digits."""
    whole = hashlib.sha256()
    for name, content in sorted(assets.items()):
        whole.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return whole.hexdigest()[:DIGITS]


def main(page: Path, target: Path) -> int:
    """Write the package of the page, the same wherever it is made.

    Args:
        page: The page's directory.
        target: The zip file.

    Returns:
        The exit status.
    """
    try:
        served = released(files(page))
    except ReleaseError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's output
        return 2
    with zipfile.ZipFile(target, "w") as archive:
        for key, content in sorted(served.items()):
            # Stored as it is, at the earliest time of a zip file: nothing depends on the machine.
            archive.writestr(zipfile.ZipInfo(key), content)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
