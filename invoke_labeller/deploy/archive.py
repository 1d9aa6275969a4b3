"""What runs on Lambda, as one zip file: `python -m deploy.archive --help`.

The file is the same wherever it is made by the same version of Python. Its members are sorted, and
have one time and one mode. They are compressed by libdeflate, whose version is pinned, since zlib's
bytes differ from one version and one make of it to the next. No library for zip files takes the
compressed bytes of another, apart from one that installs ciphers; the format is
https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT.

The libraries change less often than the sources. They are compiled and compressed into a file of
their own, whose members are taken over as they are.

Bytecode is shipped, since Lambda's directory of the function cannot be written to: without it,
every cold start compiles all that it imports. It is marked as valid without a look at the source
(https://docs.python.org/3/reference/import.html#pyc-invalidation), whose time is not kept.
"""

import argparse
import struct
import subprocess  # nosec B404 # no shell
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import deflate

# What nothing imports or reads, in the libraries of every function. Licences stay.
UNUSED = (
    "aws_lambda_powertools/event_handler/*",
    "aws_lambda_powertools/logging/formatters/*",
    "aws_lambda_powertools/metrics/provider/datadog/*",
    "aws_lambda_powertools/middleware_factory/*",
    *(
        f"aws_lambda_powertools/utilities/{name}/*"
        for name in (
            *("auth_alpha", "batch", "circuit_breaker", "data_classes", "data_masking"),
            *("feature_flags", "idempotency", "kafka", "metadata", "parameters", "parser"),
            *("streaming", "validation"),
        )
    ),
    "*.dist-info/INSTALLER",
    "*.dist-info/METADATA",
    "*.dist-info/REQUESTED",
    "*.dist-info/WHEEL",
    "*/py.typed",
)
# Within 3 % of the highest level, which takes five times as long.
LEVEL = 9
# 1 January 1980, the first day that the format knows.
DATE = 1 << 5 | 1
MODE = 0o100644
VERSION, UTF_8, STORED, DEFLATED, UNIX = 20, 0x800, 0, 8, 3
# Bytes of a local file header, before the name.
HEAD = 30


class UnusedError(Exception):
    """A pattern matches nothing, so what it was to leave out may have another name now."""


class BytecodeError(Exception):
    """A module cannot be compiled."""


class Member(NamedTuple):
    """What a zip file holds of a file.

    Attributes:
        method: How it is compressed: `STORED` or `DEFLATED`.
        checksum: The CRC-32 of its content.
        size: The bytes of its content.
        data: The compressed content.
    """

    method: int
    checksum: int
    size: int
    data: bytes


def write(
    file: Path,
    directory: Path,
    without: Iterable[str],
    python: str,
    libraries: Path | None = None,
) -> None:
    """Write the files of a directory into a zip file, with the bytecode of the modules.

    Args:
        file: The zip file.
        directory: The directory.
        without: Patterns of names that are left out.
        python: The version of Python that runs the bytecode, such as 3.13. If another one runs
            this, none is written.
        libraries: Another zip file that this has written, whose members come along. Of two files
            with one name, the directory's is taken.

    Raises:
        UnusedError: A pattern matches no file.
        BytecodeError: A module has an error of syntax.
    """
    found = {
        path.relative_to(directory).as_posix(): path
        for path in directory.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    contents = {name: found[name].read_bytes() for name in used(found, without)}
    if python == f"{sys.version_info.major}.{sys.version_info.minor}":
        contents |= bytecode({n: each for n, each in contents.items() if n.endswith(".py")})
    others = members(libraries) if libraries else {}
    file.write_bytes(zipped(others | compressed(contents)))


def used(names: Iterable[str], without: Iterable[str]) -> list[str]:
    """Return the names that no pattern matches.

    Raises:
        UnusedError: A pattern matches none.
    """
    left = set(names)
    for pattern in without:
        matched = {name for name in left if fnmatchcase(name, pattern)}
        if not matched:
            raise UnusedError(
                f"Nothing in the package matches {pattern}. If a library has renamed it, write its"
                " new name; if it is gone, delete the pattern."
            )
        left -= matched
    return sorted(left)


def bytecode(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """Compile modules.

    Args:
        members: Modules by the names of their files.

    Returns:
        The bytecode by the names under which Python looks for it.

    Raises:
        BytecodeError: A module has an error of syntax.
    """
    with tempfile.TemporaryDirectory() as directory:
        for name, content in members.items():
            file = Path(directory, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        # In a process that has imported nothing else: a constant that another module has, too, is
        # marked as shared. Lambda unpacks to /var/task; Python corrects the path at the import.
        options = ["-q", "--invalidation-mode", "unchecked-hash", "-p", "/var/task", "-s"]
        command = [sys.executable, "-I", "-S", "-m", "compileall", *options, directory, directory]
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 # nosec B603 # no shell
        if done.returncode:
            raise BytecodeError(done.stdout.replace(f"{directory}/", "") or done.stderr)
        return {
            path.relative_to(directory).as_posix(): path.read_bytes()
            for path in Path(directory).rglob("*.pyc")
        }


def compressed(contents: Mapping[str, bytes]) -> dict[str, Member]:
    """Compress what gets smaller by it.

    Args:
        contents: Contents by their names.
    """
    found = {}
    for name, content in contents.items():
        smaller = deflate.deflate_compress(content, LEVEL)
        method, data = (DEFLATED, smaller) if len(smaller) < len(content) else (STORED, content)
        found[name] = Member(method, zlib.crc32(content), len(content), bytes(data))
    return found


def members(file: Path) -> dict[str, Member]:
    """Return the members of a zip file that `zipped` made, by their names."""
    found, whole = {}, file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            start = info.header_offset + HEAD + len(info.filename.encode())
            data = whole[start : start + info.compress_size]
            found[info.filename] = Member(info.compress_type, info.CRC, info.file_size, data)
    return found


def zipped(packed: Mapping[str, Member]) -> bytes:
    """Return a zip file.

    Args:
        packed: Its members by their names.
    """
    body, directory = bytearray(), bytearray()
    for name, (method, checksum, size, data) in sorted(packed.items()):
        sizes = len(data), size, len(name.encode())
        head = struct.pack("<5H3L2H", VERSION, UTF_8, method, 0, DATE, checksum, *sizes, 0)
        directory += b"PK\1\2" + bytes((VERSION, UNIX)) + head
        directory += struct.pack("<3H2L", 0, 0, 0, MODE << 16, len(body)) + name.encode()
        body += b"PK\3\4" + head + name.encode() + data
    counts = len(packed), len(packed), len(directory), len(body)
    return bytes(body + directory + b"PK\5\6" + struct.pack("<4H2LH", 0, 0, *counts, 0))


def main() -> None:
    """Read the command line, and say what is wrong in a sentence."""
    parser = argparse.ArgumentParser(prog="python -m deploy.archive")
    parser.add_argument("file", type=Path)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--python", required=True)
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--without", nargs="*", help="libraries: what is left out of them")
    chosen.add_argument("--libraries", type=Path, help="sources: the libraries' zip file")
    options = parser.parse_args()
    patterns = [] if options.libraries else [*UNUSED, *options.without]
    try:
        write(options.file, options.directory, patterns, options.python, options.libraries)
    except (UnusedError, BytecodeError) as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
