"""Refuses words that a native speaker would not use, in the text and the names of every file.

`python -m wording <repository> <list>`: the list gives each term with what to write instead. A term
is found as a whole word, in prose, in `snake_case`, `CamelCase` and `CONSTANTS`, and across lines.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

from secret_gate import tracked

# Between the words of a term: white space, line ends, the marks of comments and quotations.
_GAP = r"[\s#>*_]+"


@dataclass(frozen=True, order=True)
class Finding:
    """A term in a file.

    Attributes:
        file: The file, relative to the repository's root.
        line: Its line, from 1; 0 for the file's own path.
        term: The term, in the form that the list has.
    """

    file: str
    line: int
    term: str


def main(arguments: list[str]) -> int:
    """Check a repository.

    Args:
        arguments: The repository's root and the list's path.

    Returns:
        0 if no term is found outside its exceptions and every exception is needed, 1 otherwise.
    """
    root, path = Path(arguments[0]), Path(arguments[1])
    rules = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = [
        name
        for name in tracked(root)
        if not any(fnmatch(name, entry["files"]) for entry in rules["skip"])
    ]
    complaints = judge(find(root, names, _terms(rules)), rules)
    for complaint in complaints:
        sys.stderr.write(f"{complaint}\n")
    if not complaints:
        sys.stdout.write(f"{len(names)} files, {len(_terms(rules))} terms\n")
    return 1 if complaints else 0


def pattern(term: str) -> re.Pattern[str]:
    """Compile the expression that finds a term, as a whole word or words, in any case.

    Args:
        term: Words separated by spaces.

    Returns:
        The expression. A part of an identifier counts as a word.
    """
    forms = (term.lower(), term.capitalize(), term.upper())
    lower, title, upper = (_GAP.join(map(re.escape, form.split())) for form in forms)
    return re.compile(
        rf"(?<![A-Za-z])(?:{lower}|{title})(?![a-z])"
        rf"|(?<=[a-z0-9]){title}(?![a-z])"
        rf"|(?<![A-Za-z]){upper}(?![A-Za-z])"
    )


def find(root: Path, names: Iterable[str], terms: Iterable[str]) -> list[Finding]:
    """Find terms in files and in their paths.

    Args:
        root: The repository's root.
        names: The files, relative to it. Of a file that is not UTF-8, only the path is read.
        terms: The terms.

    Returns:
        The findings, by file and line.
    """
    patterns = {term: pattern(term) for term in terms}
    return sorted(finding for name in names for finding in _of_file(root, name, patterns))


def _of_file(root: Path, name: str, patterns: dict[str, re.Pattern[str]]) -> Iterator[Finding]:
    try:
        text = (root / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        text = ""
    lowered = f"{name} {text}".lower()
    for term, expression in patterns.items():
        if not all(word in lowered for word in term.split()):
            continue  # Much faster than the expression.
        if expression.search(name):
            yield Finding(name, 0, term)
        for match in expression.finditer(text):
            yield Finding(name, text.count("\n", 0, match.start()) + 1, term)


def judge(found: Iterable[Finding], rules: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Compare what was found with the exceptions.

    Args:
        found: The findings.
        rules: `words`, each with its `forms`, what to write `instead` and perhaps `except`, whose
            entries have `files` and `reason`; and `skip`, each with `files` and `reason`.

    Returns:
        One complaint per line: terms outside their exceptions, exceptions that give no reason, and
        exceptions that are not needed.
    """
    findings = list(found)
    complaints = []
    for entry in rules["words"]:
        exceptions = entry.get("except", [])
        own = [finding for finding in findings if finding.term in entry["forms"]]
        complaints += [
            f"{finding.file}:{finding.line}: '{finding.term}': write {entry['instead']}"
            for finding in own
            if not any(fnmatch(finding.file, each["files"]) for each in exceptions)
        ]
        complaints += [
            f"{each['files']} has none of {entry['forms']}: remove the exception"
            for each in exceptions
            if not any(fnmatch(finding.file, each["files"]) for finding in own)
        ]
    excused = [each for entry in rules["words"] for each in entry.get("except", [])]
    complaints += [
        f"{each['files']} is excepted without a reason"
        for each in excused + rules["skip"]
        if not str(each.get("reason") or "").strip()
    ]
    return complaints


def _terms(rules: dict[str, list[dict[str, Any]]]) -> list[str]:
    return [form for entry in rules["words"] for form in entry["forms"]]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
