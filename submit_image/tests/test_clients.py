from typing import Any

from submit_image import clients


def test_the_time_kept_back_covers_every_timeout_of_both() -> None:
    def longest(config: Any) -> float:
        attempts: int = config.retries["total_max_attempts"]
        one: float = config.connect_timeout + config.read_timeout
        # A second at most before the first repetition, by the standard mode.
        return attempts * one + attempts - 1

    assert longest(clients.S3) + longest(clients.DYNAMODB) <= clients.STORAGE_SECONDS
