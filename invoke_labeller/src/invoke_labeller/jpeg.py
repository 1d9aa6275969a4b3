"""Takes the picture out of a JPEG file: no metadata, nothing that follows it, and what is there.

Format: https://www.w3.org/Graphics/JPEG/itu-t81.pdf
"""

import re
from dataclasses import dataclass

from invoke_labeller import orientation
from invoke_labeller.structure import StructureError

START, END = b"\xff\xd8", b"\xff\xd9"
# A scan of a progressive JPEG takes 100 bytes and goes over all pixels. Encoders write about ten;
# libtiff draws the same line for the JPEGs in a TIFF.
MAX_SCANS = 100
# A camera writes some dozens; a profile of the largest kind takes 255.
MAX_SEGMENTS = 2000
MAX_PROFILE = 1_000_000

_RESTARTS = range(0xD0, 0xD8)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDD, 0xDC})
_APPLICATIONS = range(0xE0, 0xF0)
_COMMENT, _SCAN, _END, _RESTART_INTERVAL = 0xFE, 0xDA, 0xD9, 0xDD
_FOLLOWERS = _TABLES | {_SCAN, _END, _COMMENT, *_APPLICATIONS}
# The applications' segments that are kept: the first JFIF and Adobe, which tell the colours, and
# profiles.
_JFIF, _EXIF, _PROFILE, _ADOBE = 0xE0, 0xE1, 0xE2, 0xEE
_EXIF_START = b"Exif\0\0"
# Frames that are decoded row by row, by Huffman codes.
_SEQUENTIAL = frozenset({0xC0, 0xC1})
# From the marker on: the length, precision, height and width, then the number of components and the
# first one's id; of a scan, the length, their number, and ids with tables.
FRAME_SIZE, SCAN_SIZE = 10, 5
_FILLING = re.compile(rb"\xff*")
# What ends a scan's data; where it has restart markers, decoders begin again at the next of them.
_MARKER = re.compile(rb"\xff[\x01-\xfe]")
_MARKER_BUT_RESTARTS = re.compile(rb"\xff[\xc4\xcc\xd9-\xdd\xe0-\xef\xfe]")


@dataclass(frozen=True)
class Jpeg:
    """The picture of a JPEG file.

    Attributes:
        parts: The picture without metadata, and without the mark of its end, as parts of the file.
        ended: Whether the file had that mark.
        orientation: How it is to be turned, as EXIF has it.
        sequential: Whether it is one scan, whose rows come one after the other.
        overview: Whether a scan over all of its brightness is there to its end.
    """

    parts: tuple[bytes | memoryview, ...]
    ended: bool
    orientation: int
    sequential: bool
    overview: bool


def parse(data: bytes) -> Jpeg:
    """Take the picture out of a file.

    Args:
        data: The file.

    Returns:
        The picture.

    Raises:
        StructureError: It is no JPEG, or has too many parts.
    """
    parser = _Parser(data)
    for _ in range(MAX_SEGMENTS):
        if not parser.segment():
            return parser.result()
    raise StructureError("it has more segments than any camera writes")


class _Parser:
    """Goes through a file once, segment by segment."""

    def __init__(self, data: bytes) -> None:
        self._data, self._view, self._place = data, memoryview(data), len(START)
        self._parts: list[bytes | memoryview] = [START]
        self._kept: set[int] = set()
        self._profile = 0
        self._exif: list[memoryview] = []
        self._frame: bytes | None = None
        self._scans: list[bytes] = []
        self._restarts = self._ended = self._overview = False

    def result(self) -> Jpeg:
        if not self._scans or not self._frame:
            raise StructureError("it has no picture")
        marker, components = self._frame[1], self._frame[9]
        return Jpeg(
            parts=tuple(self._parts),
            ended=self._ended,
            orientation=orientation.of_exif(b"".join(self._exif)),
            sequential=marker in _SEQUENTIAL and [scan[0] for scan in self._scans] == [components],
            overview=self._overview,
        )

    def segment(self) -> bool:
        """Take the next segment; False where there is none."""
        marked = self._data.find(b"\xff", self._place)
        if marked < 0:
            return False
        filling = _FILLING.match(self._data, marked)
        place = filling.end() if filling else marked
        marker = self._data[place] if place < len(self._data) else None
        if marker is None or marker == _END:
            self._ended = marker == _END
            return False
        self._place = place + 1
        if marker in _RESTARTS or marker in (0, 1, START[1]):
            return True
        end = self._place + int.from_bytes(self._view[self._place : self._place + 2])
        if end > len(self._data):
            return False
        self._take(marker, self._view[place - 1 : end], end)
        return True

    def _take(self, marker: int, segment: memoryview, end: int) -> None:
        self._place = end
        body = bytes(segment[4:14])
        if marker in _FRAMES and len(segment) > FRAME_SIZE:
            self._frame = self._frame or bytes(segment)
        if marker == _RESTART_INTERVAL:
            self._restarts = any(segment[4:6])
        if marker == _SCAN:
            if self._frame and len(segment) > SCAN_SIZE:
                self._parts.append(segment)
                self._scan(bytes(segment[4:]), self._frame[10])
        elif marker in _FRAMES | _TABLES or self._is_kept(marker, body, len(segment)):
            self._parts.append(segment)
        elif marker == _EXIF and body.startswith(_EXIF_START):
            # What does not fit into one segment goes on in the next.
            self._exif.append(segment[4 + len(_EXIF_START) :])

    def _is_kept(self, marker: int, body: bytes, size: int) -> bool:
        if marker == _PROFILE and body.startswith(b"ICC_PROF"):
            self._profile += size
            return self._profile <= MAX_PROFILE
        if marker in (_JFIF, _ADOBE) and marker not in self._kept:
            self._kept.add(marker)
            return True
        return False

    def _scan(self, header: bytes, brightness: int) -> None:
        """Take a scan's data, as far as a decoder would."""
        self._scans.append(header)
        if len(self._scans) > MAX_SCANS:
            raise StructureError("it has more scans than any encoder writes")
        pattern = _MARKER_BUT_RESTARTS if self._restarts else _MARKER
        found = pattern.search(self._data, self._place)
        end = found.start() if found else len(self._data)
        self._parts.append(self._view[self._place : end])
        self._place = end if found and self._data[end + 1] in _FOLLOWERS else len(self._data)
        components = header[1 : 1 + 2 * header[0] : 2]
        if self._place < len(self._data) and brightness in components:
            self._overview = True
