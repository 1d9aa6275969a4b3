"""The cause of a failure, and nothing else."""

import re

# What uv and pip say where they cannot reach an index; where they reach one, they say more.
INDEX = re.compile(r"Failed to fetch|network was disabled|No matching distribution found")
NO_CONNECTION = re.compile(
    r"dns error|tcp connect error|timed out|tunnel error|network was disabled|from versions: none"
)
ERROR = re.compile(r"^(error|.*\b\w*(error|exception)): ", re.IGNORECASE)
MAKE_LINE = re.compile(r"^make(\[\d+\])?: ")


def network_failure(output: str) -> str | None:
    """Return a sentence if uv's or pip's output shows that no package index could be reached."""
    if not (INDEX.search(output) and NO_CONNECTION.search(output)):
        return None
    return (
        "no package index can be reached: connect to the internet, name a mirror with "
        "UV_INDEX_URL, or let uv take what it has in its cache with UV_OFFLINE=1"
    )


def last_error(output: str) -> str:
    """Return the line of a tool's output that says what went wrong.

    Args:
        output: Everything that it wrote.
    """
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    own = [line for line in lines if not MAKE_LINE.match(line)]
    for number in range(len(own) - 1, -1, -1):
        if ERROR.match(own[number]):
            # uv gives the cause in the next line.
            causes = [line for line in own[number + 1 : number + 2] if line.startswith("cause: ")]
            return ": ".join([own[number], *(cause.removeprefix("cause: ") for cause in causes)])
    return (own or lines or ["it wrote nothing"])[-1]
