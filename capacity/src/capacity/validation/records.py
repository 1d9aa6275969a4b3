"""Which rows a scenario has, and in which of the stream's batches their records come."""

import hashlib


def image_id(title: str, number: int) -> str:
    """Return the id of a picture, by the scenario's title and the number of the submission."""
    return hashlib.md5(f"{title}{number}".encode(), usedforsecurity=False).hexdigest()


def lane(of: str, shards: int, factor: int) -> int:
    """Return which of the shards' parallel batches has a picture's record: its shard is the rest.

    Args:
        of: The picture's id.
        shards: Shards of the stream.
        factor: ParallelizationFactor.
    """
    number = int(hashlib.sha256(of.encode()).hexdigest()[:12], 16)
    return number % (shards * factor)
