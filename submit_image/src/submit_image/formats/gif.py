"""GIF (https://www.w3.org/Graphics/GIF/spec-gif89a.txt) up to its first image."""

import struct

from submit_image.formats.limits import check, damaged

SIGNATURES = (b"GIF87a", b"GIF89a")
# Comments and metadata come in blocks of up to 255 bytes.
MAX_BLOCKS = 10_000

_EXTENSION, _IMAGE = 0x21, 0x2C


def size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels: of the screen, or of a first image that reaches beyond it.

    Args:
        content: The file.

    Raises:
        InvalidImage: It has no image, or too many blocks before it.
    """
    width, height, flags = struct.unpack_from("<HHB", content, 6)
    place = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    blocks = 0
    while content[place] != _IMAGE:
        # Decoders skip what is neither an extension nor an image, byte by byte.
        place += 1
        if content[place - 1] == _EXTENSION:
            place += 1
            while length := content[place]:
                place += 1 + length
                blocks += 1
                check(blocks, MAX_BLOCKS, "blocks before its first image")
        elif content[place - 1] == ord(";"):
            raise damaged()
        blocks += 1
        check(blocks, MAX_BLOCKS, "blocks before its first image")
    left, top, across, down = struct.unpack_from("<HHHH", content, place + 1)
    return max(width, left + across), max(height, top + down)
