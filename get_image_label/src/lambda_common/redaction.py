"""Leaves of a URL no more than its host in what is logged: path and query may hold signatures."""

import re
from urllib.parse import unquote

_URL = re.compile(
    r"""(https?:[/\\]*)(?:[^\s/\\?#"'<>]*@)?([^\s/\\?#"'<>@]*)[^\s"'<>]*""", re.IGNORECASE
)
_AFTER_HOST = re.compile(r"^.*?//[^/?#]*", re.DOTALL)
_DELIMITERS = re.compile(r"""[/?#&=\s<>"'`]+""")
_HIDDEN = "[…]"
# What is shorter is part of any text.
_MIN_LENGTH = 4


def redacted(text: str, url: str) -> str:
    """Remove URLs from a text that is to be logged.

    Args:
        text: The text, such as a traceback.
        url: The URL that was submitted. What follows its host is also removed where it stands alone
            in the text, as a whole and piece by piece.

    Returns:
        The text, with an ellipsis where something was removed.
    """
    text = _URL.sub(rf"\1\2{_HIDDEN}", text)
    after_host = _AFTER_HOST.sub("", url)
    given = {after_host, *_DELIMITERS.split(after_host)}
    for piece in sorted(given | {unquote(piece) for piece in given}, key=len, reverse=True):
        if len(piece) >= _MIN_LENGTH:
            text = re.sub(rf"(?<!\w){re.escape(piece)}(?!\w)", _HIDDEN, text)
    return text
