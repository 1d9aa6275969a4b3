"""What the labeller and a process that decodes say to each other, over two pipes.

The labeller sends the length of a file and the file. The process answers with a kind, a length and
as many bytes; `LARGE` comes before the other answers, and waits for one byte.
"""

import struct
from enum import Enum

REQUEST = struct.Struct(">Q")
ANSWER = struct.Struct(">cQ")


class Kind(Enum):
    """What a process that decodes has to say."""

    LARGE = b"L"  # the picture is large: may it be decoded now?
    WHOLE = b"W"  # a JPEG follows
    INCOMPLETE = b"I"  # likewise, of a picture that is not all there
    FAILED = b"F"  # a code and a sentence follow: why the picture cannot be decoded
    MEMORY = b"M"  # the picture needs more memory than it is allowed
