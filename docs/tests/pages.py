"""Reads the pages: the commands that they show, and the names that they use."""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

DOCS = Path(__file__).parents[1]
SOURCE = DOCS / "source"
PROJECT = DOCS.parent
KINDS = ("local", "internet", "aws", "bitbucket")

_FENCE = re.compile(
    r"^(?P<fence>`{3,}|:{3,})(?P<info>\S*)[^\n]*\n(?P<body>.*?)^(?P=fence)\s*$", re.M | re.S
)
_INLINE = re.compile(r"(?<![`{}\w])`([^`\n]+)`(?!`)")
_OPERATORS = {"&&", "||", ";", "|", "do", "done", "(", ")"}


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Attributes:
        page: The page's path below `source/`.
        kind: `local`, `aws` and so on for commands, otherwise the fence's language.
        text: What is in it.
    """

    page: str
    kind: str
    text: str


@dataclass(frozen=True)
class Make:
    """A call of make.

    Attributes:
        page: The page that shows it.
        directory: The directory in the project that it runs in, or an empty string.
        targets: What is to be made.
        in_text: Whether it is mentioned in the text, not shown as a command.
        variables: What is set on the command line.
    """

    page: str
    directory: str
    targets: tuple[str, ...]
    in_text: bool
    variables: dict[str, str] = field(hash=False)


def pages() -> dict[str, str]:
    """The pages' texts by their paths below `source/`, in alphabetical order."""
    return {
        str(path.relative_to(SOURCE)): path.read_text() for path in sorted(SOURCE.rglob("*.md"))
    }


def fences(text: str) -> list[tuple[str, str]]:
    """The fenced blocks of a text, each with what its fence names; not those that only group."""
    return [
        (found["info"], found["body"])
        for found in _FENCE.finditer(text)
        if not found["fence"].startswith(":")
    ]


def spans(text: str) -> list[str]:
    """What stands between backquotes in a text, outside of fenced blocks."""
    return _INLINE.findall(re.sub(r"^(`{3,}).*?^\1\s*$", "", text, flags=re.M | re.S))


def blocks() -> list[Block]:
    """All fenced blocks, except those that only group others."""
    return [
        Block(page, info.strip("{}"), body)
        for page, text in pages().items()
        for info, body in fences(text)
    ]


def commands(*kinds: str) -> list[tuple[str, str]]:
    """The commands of some kinds, each with its page; a command that goes on over lines is one."""
    return [
        (block.page, line)
        for block in blocks()
        if block.kind in kinds
        for line in block.text.replace("\\\n", " ").splitlines()
        if line.strip()
    ]


def inline() -> list[tuple[str, str]]:
    """What stands between backquotes in the text outside of fenced blocks, each with its page."""
    return [(page, code) for page, text in pages().items() for code in spans(text)]


def makes() -> list[Make]:
    """All calls of make, in blocks and in the text."""
    shown = [call for page, line in commands(*KINDS) for call in _makes(page, line)]
    named = [each for each in inline() if each[1].startswith("make ")]
    return [*shown, *(call for page, line in named for call in _makes(page, line, in_text=True))]


def _makes(page: str, line: str, *, in_text: bool = False) -> list[Make]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|")
    lexer.whitespace_split = True
    words, found = list(lexer), list[Make]()
    for start, word in enumerate(words):
        if word == "make":
            rest = words[start + 1 :]
            end = next((i for i, each in enumerate(rest) if each in _OPERATORS), len(rest))
            found.append(_make(page, rest[:end], in_text=in_text))
    return found


def _make(page: str, words: list[str], *, in_text: bool) -> Make:
    directory = ""
    if words[:1] == ["-C"]:
        directory, words = words[1], words[2:]
    variables = dict(word.split("=", 1) for word in words if "=" in word)
    goals = tuple(word for word in words if "=" not in word)
    return Make(page, directory, goals, in_text, variables)
