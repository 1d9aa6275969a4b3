"""What can go wrong that a person can fix."""


class BenchmarkError(Exception):
    """The benchmark cannot go on; the message says why and what to do."""

    exit_code = 1


class UsageError(BenchmarkError):
    """An option is wrong."""

    exit_code = 2
