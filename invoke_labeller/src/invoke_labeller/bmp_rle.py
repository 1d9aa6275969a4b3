"""Decodes run-length encoded bitmaps as Pillow does, in a time that depends on their bytes.

Pillow fills up a row pixel by pixel, in Python: a thousand bytes that only end a wide row keep it
busy for seconds. The encoding: https://learn.microsoft.com/windows/win32/gdi/bitmap-compression
"""

from PIL import BmpImagePlugin, Image

_END_OF_LINE, _END_OF_BITMAP, _DELTA = 0, 1, 2


class Decoder(BmpImagePlugin.BmpRleDecoder):
    """Takes the place of Pillow's decoder."""

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:  # noqa: ARG002 # Pillow's
        """Decode the rest of the file.

        Args:
            buffer: Nothing; this decoder reads the file itself.

        Returns:
            That it is done, and without an error.

        Raises:
            ValueError: The pixels end too early.
        """
        assert self.fd is not None  # noqa: S101 # nosec B101 # for mypy: it reads the file itself
        start = self.fd.tell()
        pixels = _decoded(
            self.fd.read(),
            (self.state.xsize, self.state.ysize),
            four_bits=bool(self.args[1]),
            start=start,
        )
        self.set_as_raw(bytes(pixels), "L" if self.mode in ("1", "L") else "P", (0, self.args[-1]))
        return -1, 0


def _decoded(source: bytes, size: tuple[int, int], *, four_bits: bool, start: int) -> bytearray:
    width, count = size[0], size[0] * size[1]
    pixels, x, at = bytearray(), 0, 0
    while len(pixels) < count and at + 2 <= len(source):
        length, value = source[at : at + 2]
        at += 2
        if length:
            # What is too much for a row is left out.
            length = min(length, max(0, width - x))
            pixels += _run(value, length, four_bits=four_bits)
            x += length
        elif value == _END_OF_LINE:
            pixels += bytes(-len(pixels) % width)
            x = 0
        elif value == _END_OF_BITMAP:
            break
        elif value == _DELTA:
            if at + 2 > len(source):
                break
            right, up = source[at : at + 2]
            at += 2
            pixels += bytes(min(count - len(pixels), right + up * width))
            x = len(pixels) % width
        else:
            length = min(count - len(pixels), value)
            taken = (length + 1) // 2 if four_bits else length
            part = source[at : at + taken]
            at += taken
            pixels += _halves(part)[:length] if four_bits else part
            if len(part) < taken:
                break
            x += value
            # What comes next is at an even place of the file.
            at += (start + at) % 2
    return pixels


def _run(value: int, length: int, *, four_bits: bool) -> bytes:
    if four_bits:
        return (bytes((value >> 4, value & 0x0F)) * ((length + 1) // 2))[:length]
    return bytes((value,)) * length


def _halves(part: bytes) -> bytes:
    return bytes(half for byte in part for half in (byte >> 4, byte & 0x0F))


def register() -> None:
    """Have Pillow use this decoder."""
    Image.register_decoder("bmp_rle", Decoder)
