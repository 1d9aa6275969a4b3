"""What runs on Lambda, as one zip file: `python -m deploy.archive --help`.

The file is the same wherever it is made by the same version of Python. Its members are sorted, and
have one time and one mode. They are compressed by libdeflate, whose version is pinned, since zlib's
bytes differ from one version and one make of it to the next. No library for zip files takes the
compressed bytes of another, apart from one that installs ciphers; the format is
https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT.

Bytecode is shipped, since Lambda's directory of the function cannot be written to: without it,
every cold start compiles all that it imports. It is marked as valid without a look at the source
(https://docs.python.org/3/reference/import.html#pyc-invalidation), whose time is not kept.
"""

import argparse
import struct
import subprocess  # nosec B404 # no shell
import sys
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

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


class UnusedError(Exception):
    """A pattern matches nothing, so what it was to leave out may have another name now."""


class BytecodeError(Exception):
    """A module cannot be compiled."""


def write(file: Path, directories: Iterable[Path], without: Iterable[str], python: str) -> None:
    """Write the files of directories into a zip file, with the bytecode of the modules.

    Args:
        file: The zip file.
        directories: The directories; of two files with one name, the later directory's is taken.
        without: Patterns of names that are left out.
        python: The version of Python that runs the bytecode, such as 3.13. If another one runs
            this, none is written.

    Raises:
        UnusedError: A pattern matches no file.
        BytecodeError: A module has an error of syntax.
    """
    found = {
        path.relative_to(directory).as_posix(): path
        for directory in directories
        for path in directory.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    members = {name: found[name].read_bytes() for name in used(found, without)}
    if python == f"{sys.version_info.major}.{sys.version_info.minor}":
        members |= bytecode({n: each for n, each in members.items() if n.endswith(".py")})
    file.write_bytes(zipped(members))


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


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a zip file.

    Args:
        members: Contents by their names.
    """
    body, directory = bytearray(), bytearray()
    for name, content in sorted(members.items()):
        smaller = deflate.deflate_compress(content, LEVEL)
        method, data = (DEFLATED, smaller) if len(smaller) < len(content) else (STORED, content)
        sizes = len(data), len(content), len(name.encode())
        head = struct.pack(
            "<5H3L2H", VERSION, UTF_8, method, 0, DATE, zlib.crc32(content), *sizes, 0
        )
        directory += b"PK\1\2" + bytes((VERSION, UNIX)) + head
        directory += struct.pack("<3H2L", 0, 0, 0, MODE << 16, len(body)) + name.encode()
        body += b"PK\3\4" + head + name.encode() + data
    counts = len(members), len(members), len(directory), len(body)
    return bytes(body + directory + b"PK\5\6" + struct.pack("<4H2LH", 0, 0, *counts, 0))


def main() -> None:
    """Read the command line, and say what is wrong in a sentence."""
    parser = argparse.ArgumentParser(prog="python -m deploy.archive")
    parser.add_argument("file", type=Path)
    parser.add_argument("directories", type=Path, nargs="+")
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--python", required=True)
    options = parser.parse_args()
    patterns = [*UNUSED, *options.without]
    try:
        write(options.file, options.directories, patterns, options.python)
    except (UnusedError, BytecodeError) as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
