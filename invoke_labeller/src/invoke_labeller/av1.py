"""Reads the sizes of the frames that AV1 data codes (https://aomediacodec.github.io/av1-spec/, 5).

Submitting and decoding use the same code.
"""

from collections.abc import Iterator
from dataclasses import dataclass

# What comes before a frame's size takes no more.
_HEADER_BYTES = 256
_SEQUENCE, _FRAME_HEADER, _FRAME = 1, 3, 6
_KEY, _INTRA, _SWITCH = 0, 2, 3
_SELECTED_BY_FRAME = 2
_ALL_FRAMES, _REFERENCES, _SLOTS = 0xFF, 7, 8

type Size = tuple[int, int]


class Bits:
    """Reads numbers of any length in bits, the highest bit first."""

    def __init__(self, data: bytes) -> None:
        """Begin with the first bit."""
        self._number, self._left = int.from_bytes(data), 8 * len(data)

    def read(self, count: int) -> int:
        """Read so many bits.

        Raises:
            ValueError: There are fewer.
        """
        self._left -= count
        if self._left < 0:
            raise ValueError("the data ends early")
        return self._number >> self._left & (1 << count) - 1

    def skip_variable(self) -> None:
        """Pass over a number of variable length."""
        zeros = 0
        while not self.read(1):
            zeros += 1
        self.read(zeros)


@dataclass
class _Sequence:
    """What a sequence header says, as far as a frame's size depends on it."""

    reduced: bool
    # A tick's length is written with each frame.
    ticks: int = 0
    removals: int | None = None
    # Of each operating point: its layers, and whether frames say when they leave the buffer.
    points: tuple[tuple[int, int], ...] = ()
    lengths: Size = (0, 0)
    size: Size = (0, 0)
    id_length: int = 0
    id_difference: int = 0
    screen_tools: int = _SELECTED_BY_FRAME
    whole_vectors: int = _SELECTED_BY_FRAME
    order_length: int = 0


def frames(data: memoryview) -> Iterator[Size]:
    """Give width and height of each frame that data codes.

    Args:
        data: An item of AVIF, or a sample of its track.

    Raises:
        ValueError: The data is damaged.
    """
    sequence: _Sequence | None = None
    for kind, layers, body in _units(data):
        if kind == _SEQUENCE:
            sequence = _sequence(Bits(bytes(body[:_HEADER_BYTES])))
        elif kind in (_FRAME_HEADER, _FRAME):
            if sequence is None:
                raise ValueError("the data has no sequence header")
            size = _frame(Bits(bytes(body[:_HEADER_BYTES])), sequence, layers)
            if size:
                yield size


def _units(data: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    place = 0
    while place < len(data):
        head = data[place]
        place += 1
        # The temporal and the spatial layer, as bits of an operating point.
        layers = 0
        if head & 4:
            layers = 1 << (data[place] >> 5) | 1 << 8 + (data[place] >> 3 & 3)
            place += 1
        length = len(data) - place
        if head & 2:
            length = shift = 0
            while True:
                byte = data[place]
                place += 1
                length |= (byte & 0x7F) << shift
                shift += 7
                if not byte & 0x80:
                    break
        yield head >> 3 & 15, layers, data[place : place + length]
        place += length


def _sequence(bits: Bits) -> _Sequence:
    bits.read(4)
    found = _Sequence(reduced=bool(bits.read(1)))
    if found.reduced:
        bits.read(5)
    else:
        _timing(bits, found)
    found.lengths = bits.read(4) + 1, bits.read(4) + 1
    found.size = bits.read(found.lengths[0]) + 1, bits.read(found.lengths[1]) + 1
    if not found.reduced and bits.read(1):
        found.id_difference = bits.read(4) + 2
        found.id_length = found.id_difference + bits.read(3) + 1
    bits.read(3)
    if not found.reduced:
        _tools(bits, found)
    return found


def _timing(bits: Bits, found: _Sequence) -> None:
    delay = None
    if bits.read(1):
        bits.read(64)
        steady = bits.read(1)
        if steady:
            bits.skip_variable()
        if bits.read(1):
            delay = bits.read(5) + 1
            bits.read(32)
            found.removals, ticks = bits.read(5) + 1, bits.read(5) + 1
            found.ticks = 0 if steady else ticks
    delayed = bits.read(1)
    points = []
    for _ in range(bits.read(5) + 1):
        layers = bits.read(12)
        if bits.read(5) > 7:  # noqa: PLR2004 - from this level on there are tiers
            bits.read(1)
        modelled = bits.read(1) if delay else 0
        if modelled and delay:
            bits.read(2 * delay + 1)
        if delayed and bits.read(1):
            bits.read(4)
        points.append((layers, modelled))
    found.points = tuple(points)


def _tools(bits: Bits, found: _Sequence) -> None:
    bits.read(4)
    ordered = bits.read(1)
    if ordered:
        bits.read(2)
    found.screen_tools = _SELECTED_BY_FRAME if bits.read(1) else bits.read(1)
    if found.screen_tools:
        found.whole_vectors = _SELECTED_BY_FRAME if bits.read(1) else bits.read(1)
    if ordered:
        found.order_length = bits.read(3) + 1


def _frame(bits: Bits, sequence: _Sequence, layers: int) -> Size | None:
    """Return a frame's size; None of one that is only shown again."""
    if sequence.reduced:
        return sequence.size
    if bits.read(1):
        return None
    kind, shown = bits.read(2), bits.read(1)
    if shown:
        bits.read(sequence.ticks)
    else:
        bits.read(1)
    whole = kind == _SWITCH or (kind == _KEY and bool(shown))
    resilient = whole or bool(bits.read(1))
    bits.read(1)
    _skip_tools(bits, sequence)
    bits.read(sequence.id_length)
    if kind != _SWITCH and not bits.read(1):
        return sequence.size
    bits.read(sequence.order_length)
    intra = kind in (_KEY, _INTRA)
    if not intra and not resilient:
        bits.read(3)
    _skip_removals(bits, sequence, layers)
    refreshed = _ALL_FRAMES if whole else bits.read(8)
    if resilient and (not intra or refreshed != _ALL_FRAMES):
        bits.read(_SLOTS * sequence.order_length)
    if not intra:
        _skip_references(bits, sequence)
    return _own_size(bits, sequence, may_refer=not intra and not resilient)


def _own_size(bits: Bits, sequence: _Sequence, *, may_refer: bool) -> Size:
    # A frame that is as large as another one costs no more than that.
    if may_refer and any(bits.read(1) for _ in range(_REFERENCES)):
        return sequence.size
    return bits.read(sequence.lengths[0]) + 1, bits.read(sequence.lengths[1]) + 1


def _skip_tools(bits: Bits, sequence: _Sequence) -> None:
    tools = sequence.screen_tools
    if tools == _SELECTED_BY_FRAME:
        tools = bits.read(1)
    if tools and sequence.whole_vectors == _SELECTED_BY_FRAME:
        bits.read(1)


def _skip_removals(bits: Bits, sequence: _Sequence, layers: int) -> None:
    if sequence.removals is None or not bits.read(1):
        return
    for wanted, modelled in sequence.points:
        if modelled and (not wanted or wanted & layers == layers):
            bits.read(sequence.removals)


def _skip_references(bits: Bits, sequence: _Sequence) -> None:
    brief = bits.read(1) if sequence.order_length else 0
    if brief:
        bits.read(6)
    for _ in range(_REFERENCES):
        bits.read((0 if brief else 3) + sequence.id_difference)
