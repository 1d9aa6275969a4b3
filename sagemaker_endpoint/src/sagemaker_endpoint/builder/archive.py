"""Writes a tar.gz whose bytes depend on nothing but its files' names and contents."""

import io
import struct
import tarfile
import zlib
from collections.abc import Mapping

BLOCK = 0xFFFF


def archive(files: Mapping[str, bytes]) -> bytes:
    """Packs files into a tar.gz, in the order of their names.

    Args:
        files: Contents by name.

    Returns:
        The archive: no times, owners or modes of the machine, and not compressed (weights hardly
        get smaller), since each implementation of deflate compresses to bytes of its own.
    """
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size = len(files[name])
            member.mode = 0o644
            tar.addfile(member, io.BytesIO(files[name]))
    return gzip_stored(buffer.getvalue())


def gzip_stored(content: bytes) -> bytes:
    """Wraps bytes in gzip's format (RFC 1952), in stored blocks of deflate (RFC 1951, 3.2.4)."""
    parts = [b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"]
    for start in range(0, len(content) or 1, BLOCK):
        block = content[start : start + BLOCK]
        final = start + BLOCK >= len(content)
        parts += [struct.pack("<BHH", final, len(block), len(block) ^ 0xFFFF), block]
    parts.append(struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF))
    return b"".join(parts)
