"""What is decoded is what is claimed: no file of a kilobyte has fifty megapixels decoded."""

import struct
import zlib
from collections.abc import Callable
from functools import cache, partial

import pytest
from PIL import Image

from invoke_labeller.errors import PermanentError
from invoke_labeller.picture import prepare
from tests.heif_files import ALPHA, Item, grid, heif, ispe
from tests.pictures import encoded, heic
from tests.support import least_seconds

type Maker = Callable[[], bytes]

KINDS: dict[str, tuple[bytes, bytes, bytes, Callable[[Image.Image], bytes]]] = {
    "AVIF": (b"avif", b"av01", b"av1C", lambda image: encoded(image, "AVIF", speed=10)),
    "HEIC": (b"heic", b"hvc1", b"hvcC", partial(heic, enc_params={"preset": "ultrafast"})),
}
LARGE = 4096


@cache
def coded(name: str, side: int) -> tuple[bytes, bytes]:
    """A picture's configuration, a box, and its data."""
    _, _, kind, encode = KINDS[name]
    content = encode(Image.new("RGB", (side, side), (200, 30, 20)))
    place = content.index(kind) - 4
    (length,) = struct.unpack_from(">I", content, place)
    return content[place : place + length], content[content.index(b"mdat") + 4 :]


def item(name: str, side: int, claimed: int | None = None, *more: bytes) -> Item:
    configuration, data = coded(name, side)
    size = claimed or side
    return Item(KINDS[name][1], data, [ispe(size, size), configuration, *more])


def plain(name: str, side: int, claimed: int) -> bytes:
    return heif(KINDS[name][0], [item(name, side, claimed)])


def tiled(name: str, output: int, tile: Item, count: int = 1) -> bytes:
    whole = Item(b"grid", grid(count, count, output, output), [ispe(output, output)])
    tiles = [tile] * count**2
    parts = [(b"dimg", 1, [*range(2, 2 + len(tiles))])]
    return heif(KINDS[name][0], [whole, *tiles], parts)


def identical(name: str) -> bytes:
    derived = Item(b"iden", b"", [ispe(64, 64)])
    return heif(KINDS[name][0], [derived, item(name, LARGE)], [(b"dimg", 1, [2])])


def transparent(name: str, side: int, claimed: int) -> bytes:
    mask = item(name, side, claimed, ALPHA)
    return heif(KINDS[name][0], [item(name, 64), mask], [(b"auxl", 2, [1])])


def sequence() -> bytes:
    """An AVIF sequence whose track claims less than it codes."""
    frames = [Image.new("RGB", (LARGE, LARGE), colour) for colour in ("red", "blue")]
    content = encoded(frames[0], "AVIF", save_all=True, append_images=frames[1:], speed=10)
    header = content.index(b"tkhd") + 4 + 88
    return content[:header] + struct.pack(">II", 64 << 16, 64 << 16) + content[header + 8 :]


def webp(flags: int, *parts: bytes) -> bytes:
    canvas = struct.pack("<I", flags) + (63).to_bytes(3, "little") * 2
    body = b"WEBP" + b"".join((b"VP8X" + struct.pack("<I", 10), canvas, *parts))
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_picture() -> bytes:
    return encoded(Image.new("RGB", (LARGE, LARGE), (9, 9, 9)), "WEBP", lossless=True)[12:]


def webp_frame() -> bytes:
    frame = bytes(6) + (LARGE - 1).to_bytes(3, "little") * 2 + bytes(4) + webp_picture()
    return webp(
        2, b"ANIM" + struct.pack("<I", 6) + bytes(6), b"ANMF" + struct.pack("<I", len(frame)), frame
    )


def gif() -> bytes:
    """A GIF whose first frame is an empty pixel, and whose second one is large."""
    content = encoded(Image.new("P", (LARGE, LARGE)), "GIF")
    control = b"!\xf9\x04\x09\0\0\0\0"
    pixel = control + b",\0\0\0\0\1\0\1\0\0\2\2\x44\1\0"
    return (
        b"GIF89a\1\0\1\0\x80\0\0" + bytes(6) + pixel + control + content[content.index(b",", 13) :]
    )


def tiff(tile: int) -> bytes:
    """A TIFF of 64 by 64 pixels in one tile."""
    data = zlib.compress(bytes(tile * tile))
    shorts = {256: 64, 257: 64, 258: 8, 259: 8, 262: 1, 277: 1}
    longs = {322: tile, 323: tile, 324: 8 + 2 + 12 * 10 + 4, 325: len(data)}
    table = b"".join(struct.pack("<HHIHH", tag, 3, 1, value, 0) for tag, value in shorts.items())
    table += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in longs.items())
    return b"II*\0" + struct.pack("<IH", 8, 10) + table + bytes(4) + data


LIES: dict[str, Maker] = {
    **{
        f"{name}: {what}": partial(make, name)
        for name in KINDS
        for what, make in {
            "a picture": lambda name: plain(name, LARGE, 64),
            "a tile of a small grid": lambda name: tiled(name, 64, item(name, LARGE)),
            "tiles that lie": lambda name: tiled(name, 1024, item(name, LARGE, 512), 2),
            "the same of a small picture": identical,
            "transparency": lambda name: transparent(name, LARGE, LARGE),
            "transparency that lies": lambda name: transparent(name, LARGE, 64),
        }.items()
    },
    "AVIF: a sequence": sequence,
    "WebP: a picture larger than its canvas": lambda: webp(0, webp_picture()),
    "WebP: a frame larger than its canvas": webp_frame,
    "GIF: a later frame": gif,
    "TIFF: a tile": lambda: tiff(LARGE),
}
TRUTHS: dict[str, Maker] = {
    **{
        f"{name}: {what}": partial(make, name)
        for name in KINDS
        for what, make in {
            "a picture": lambda name: plain(name, 64, 64),
            "a grid": lambda name: tiled(name, 1024, item(name, 512), 2),
            "a grid that its tiles reach beyond": lambda name: tiled(name, 514, item(name, 512), 2),
            "transparency": lambda name: transparent(name, 64, 64),
        }.items()
    },
    "TIFF: a tile that reaches beyond the edge": lambda: tiff(1024),
}


@pytest.fixture(scope="module")
def decoding() -> float:
    """The processor time that decoding takes: as many pixels, or a quarter of them, for tiles."""
    content = plain("AVIF", LARGE, LARGE)
    return least_seconds(lambda: prepare(content))


@pytest.mark.parametrize("kind", LIES)
def test_what_codes_more_than_it_claims_is_refused_before_it_is_decoded(
    kind: str, decoding: float
) -> None:
    content = LIES[kind]()

    def refused() -> None:
        with pytest.raises(PermanentError):
            prepare(content)

    assert least_seconds(refused) < decoding / 10


@pytest.mark.parametrize("kind", TRUTHS)
def test_what_codes_what_it_claims_is_labelled(kind: str) -> None:
    assert prepare(TRUTHS[kind]()).jpeg
