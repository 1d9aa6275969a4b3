"""What is deployed: one number for all of it, the same in every environment that it reaches."""

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.errors import DeployError

RECORD = Path("build/digest.txt")


def digest(files: Sequence[str]) -> str:
    """Return the SHA-256 of files, one after the other, in hexadecimal.

    Raises:
        DeployError: If one is missing.
    """
    whole = hashlib.sha256()
    for name in files:
        try:
            whole.update(Path(name).read_bytes())
        except FileNotFoundError as error:
            raise DeployError(_unlike(f"{name} is missing")) from error
    return whole.hexdigest()


def check(files: Sequence[str]) -> str:
    """Check that files are what was packaged.

    Returns:
        Their digest.

    Raises:
        DeployError: If they are not.
    """
    if not RECORD.exists():
        raise DeployError(_unlike(f"{RECORD} is missing"))
    found = digest(files)
    if RECORD.read_text().strip() != found:
        raise DeployError(_unlike(f"{RECORD} is the digest of other files"))
    return found


def _unlike(why: str) -> str:
    return (
        f"build/ is not what was packaged ({why}): run make package, or restore the pipeline's "
        "artifacts."
    )


if __name__ == "__main__":
    RECORD.write_text(f"{digest(sys.argv[1:])}\n")
