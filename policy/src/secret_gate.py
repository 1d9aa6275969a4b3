"""Refuses secrets in the files that Git knows, with a list of harmless values that look like one.

`python -m secret_gate <repository> <list>`: the detectors are those of detect-secrets. The list
names harmless values by their SHA-1 digests, so that nothing is repeated, each with its reason;
whole files are skipped where all values are harmless by their nature.
"""

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings


@dataclass(frozen=True, order=True)
class Finding:
    """A value that looks like a secret.

    Attributes:
        file: The file, relative to the repository's directory.
        line: Its line, from 1.
        kind: What it looks like.
        sha1: The value's SHA-1 digest in hexadecimal.
    """

    file: str
    line: int
    kind: str
    sha1: str


def main(arguments: list[str]) -> int:
    """Scan a repository.

    Args:
        arguments: The repository's directory and the list's path.

    Returns:
        0 if all that was found is on the list and all of the list was found, 1 otherwise.
    """
    root, listed = Path(arguments[0]), Path(arguments[1])
    allowed = yaml.safe_load(listed.read_text(encoding="utf-8"))
    skipped = [entry["files"] for entry in allowed["skip"]]
    names = [
        name for name in tracked(root) if not any(fnmatch(name, pattern) for pattern in skipped)
    ]
    found = scan(root, names)
    complaints = judge(found, allowed)
    for complaint in complaints:
        sys.stderr.write(f"{complaint}\n")
    sys.stdout.write(
        f"{len(names)} files, {len(found)} values known to be harmless\n" * (not complaints)
    )
    return 1 if complaints else 0


def tracked(root: Path) -> list[str]:
    """List the files that Git tracks or would add, relative to the repository's directory.

    Args:
        root: The repository's directory.

    Raises:
        SystemExit: It is no Git repository, or there is no Git.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        raise SystemExit(
            f"Git lists the files to check, and cannot in {root}."
            " Use a clone, or run `git init` there."
        ) from None
    return sorted(name for name in done.stdout.split("\0") if name and (root / name).is_file())


def scan(root: Path, names: Iterable[str]) -> list[Finding]:
    """Find what looks like a secret.

    Args:
        root: The repository's directory.
        names: The files, relative to it.

    Returns:
        The findings, by file and line.
    """
    secrets = SecretsCollection(root=str(root))
    with default_settings():
        for name in names:
            secrets.scan_file(name)
    return sorted(
        Finding(name, secret.line_number, secret.type, secret.secret_hash)
        for name, secret in secrets
    )


def judge(found: Iterable[Finding], allowed: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Compare what was found with the list.

    Args:
        found: The findings.
        allowed: `values`, each with `sha1`, `reason` and perhaps `files`, the pattern of those
            that may hold it; and `skip`, each with `files` and `reason`.

    Returns:
        One complaint per line: unknown findings, entries that give no reason, entries that
        excuse nothing.
    """
    findings = list(found)
    values = allowed["values"]
    unknown = [
        f"{finding.file}:{finding.line}: {finding.kind} ({finding.sha1})"
        for finding in findings
        if not any(_excuses(entry, finding) for entry in values)
    ]
    idle = [
        f"{entry['sha1']} is on the list and was not found"
        for entry in values
        if not any(_excuses(entry, finding) for finding in findings)
    ]
    mute = [
        f"{entry.get('sha1', entry.get('files'))} is on the list without a reason"
        for entry in values + allowed["skip"]
        if not str(entry.get("reason") or "").strip()
    ]
    return unknown + idle + mute


def _excuses(entry: dict[str, Any], finding: Finding) -> bool:
    return entry["sha1"] == finding.sha1 and fnmatch(finding.file, entry.get("files", "*"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
