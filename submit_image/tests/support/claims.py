"""AVIF and HEIC files whose boxes claim one size, and whose data codes another."""

import io
import struct
from functools import cache

from PIL import Image

from tests.support.heif_files import ALPHA, Item, box, grid, heif, ispe

KINDS = {"AVIF": (b"avif", b"av01", b"av1C"), "HEIF": (b"heic", b"hvc1", b"hvcC")}
LARGE = 2048


@cache
def coded(name: str, side: int) -> tuple[bytes, bytes]:
    """A picture's configuration, a box, and its data."""
    file = io.BytesIO()
    Image.new("RGB", (side, side), (200, 30, 20)).save(file, name)
    content = file.getvalue()
    place = content.index(KINDS[name][2]) - 4
    (length,) = struct.unpack_from(">I", content, place)
    return content[place : place + length], content[content.index(b"mdat") + 4 :]


def item(name: str, side: int, claimed: int | None = None, *more: bytes) -> Item:
    configuration, data = coded(name, side)
    size = claimed or side
    return Item(KINDS[name][1], data, [ispe(size, size), configuration, *more])


def plain(name: str, side: int, claimed: int, *more: bytes) -> bytes:
    return heif(KINDS[name][0], [item(name, side, claimed, *more)])


def turned(name: str) -> bytes:
    return tiled(name, 1024, item(name, 512), 2, box(b"irot", b"\1"), height=600)


def tiled(
    name: str, width: int, tile: Item, count: int = 1, *more: bytes, height: int = 0
) -> bytes:
    """A grid of so many tiles in each direction."""
    size = width, height or width
    whole = Item(b"grid", grid(count, count, *size), [ispe(*size), *more])
    tiles = [tile] * count**2
    parts = [(b"dimg", 1, [*range(2, 2 + len(tiles))])]
    return heif(KINDS[name][0], [whole, *tiles], parts)


def repeated(name: str, count: int) -> bytes:
    """A grid that is one tile again and again."""
    whole = Item(b"grid", grid(1, 1, 64, 64), [ispe(64, 64)])
    parts = [(b"dimg", 1, [2] * count)]
    return heif(KINDS[name][0], [whole, item(name, 512)], parts)


def nested(name: str) -> bytes:
    """Pictures that are derived from each other in a circle."""
    one, other = (Item(b"iden", b"", [ispe(64, 64)]) for _ in range(2))
    return heif(KINDS[name][0], [one, other], [(b"dimg", 1, [2]), (b"dimg", 2, [1])])


def transparent(name: str, side: int, claimed: int) -> bytes:
    mask = item(name, side, claimed, ALPHA)
    return heif(KINDS[name][0], [item(name, 64), mask], [(b"auxl", 2, [1])])


def frames(count: int) -> bytes:
    """An AVIF whose picture is coded again and again."""
    configuration, data = coded("AVIF", 64)
    return heif(b"avif", [Item(b"av01", data * count, [ispe(64, 64), configuration])])


def sequence(claimed: int) -> bytes:
    """An AVIF sequence of 64 by 64 pixels whose track claims another size."""
    file = io.BytesIO()
    pictures = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    pictures[0].save(file, "AVIF", save_all=True, append_images=pictures[1:])
    content = file.getvalue()
    header = content.index(b"tkhd") + 4 + 88
    size = struct.pack(">II", claimed << 16, claimed << 16)
    return content[:header] + size + content[header + 8 :]


def sequence_of_another_item() -> bytes:
    """An AVIF sequence whose primary item is not what its track shows."""
    plain_item = sequence(64)
    return plain_item.replace(ispe(64, 64), ispe(80, 70))
