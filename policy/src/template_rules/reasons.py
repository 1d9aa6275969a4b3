"""Comments that give the reason for a statement."""

import re
from pathlib import Path
from typing import Any

COMMENT = re.compile(r"(?:^|\s)#\s*(\S.*)$")
# A word is no reason.
SHORTEST = 8


def has_reason(filename: str, statement: Any) -> bool:
    """Tell whether a comment gives the reason for a statement.

    It counts if it is inside the statement, at the end of one of its lines, or directly above it.

    Args:
        filename: The template.
        statement: The statement, as cfn-lint decoded it (with its place in the file).
    """
    if not hasattr(statement, "start_mark"):
        return False
    lines = Path(filename).read_text(encoding="utf-8").splitlines()
    first, end = statement.start_mark.line, statement.end_mark
    last = end.line + 1
    # A block ends where the next one begins, and the comments between them are the next one's.
    if last > first + 1 and not lines[end.line][: end.column].strip(" -"):
        last -= 1
        while _is_comment_or_blank(lines[last - 1]):
            last -= 1
    while first > 0 and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    comments = filter(None, map(COMMENT.search, lines[first:last]))
    return any(len(comment[1]) >= SHORTEST for comment in comments)


def _is_comment_or_blank(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")
