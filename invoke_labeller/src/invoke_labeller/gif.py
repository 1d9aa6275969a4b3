"""Takes the first frame out of a GIF file.

Format: https://www.w3.org/Graphics/GIF/spec-gif89a.txt
"""

from invoke_labeller.structure import StructureError

# Comments and the like before the first frame; XMP data reads as some hundreds of blocks.
MAX_BLOCKS = 10_000
_HEADER_SIZE, _FRAME, _EXTENSION, _CONTROL = 13, 0x2C, 0x21, 0xF9


def parse(data: bytes) -> bytes:
    """Leave out what comes before the first frame: it is nobody's business.

    Args:
        data: The file.

    Returns:
        The file's header, what says how the first frame is drawn, and all from that frame on.

    Raises:
        StructureError: It has no frame, or too much before it.
    """
    if len(data) <= _HEADER_SIZE:
        raise StructureError("it has no picture")
    place = _HEADER_SIZE + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    header, control = data[:place], b""
    blocks = 0
    while place < len(data) and data[place] != _FRAME:
        start, place = place, place + 1
        if data[start] == _EXTENSION:
            place += 1
            while place < len(data) and data[place] and blocks < MAX_BLOCKS:
                place += 1 + data[place]
                blocks += 1
            place += 1
            if data[start + 1] == _CONTROL:
                control = data[start:place]
        blocks += 1
        if blocks > MAX_BLOCKS:
            raise StructureError("it has more parts than any program writes")
    if place >= len(data):
        raise StructureError("it has no picture")
    return header + control + data[place:]


def is_interlaced(content: bytes) -> bool:
    """Tell whether the first frame of what `parse` gave comes in ever finer rows."""
    flags = content[10]
    place = _HEADER_SIZE + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    if content[place] == _EXTENSION:
        place = content.index(b"\0" + bytes([_FRAME]), place) + 1
    return bool(content[place + 9] & 0x40)
