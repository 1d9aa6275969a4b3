"""Labels the pictures of one batch side by side, within the function's time."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from aws_lambda_powertools import Logger

from invoke_labeller.labeller import Outcome, Result
from invoke_labeller.stream import Submission

# A picture is mostly spent waiting for S3, the endpoint and DynamoDB.
THREADS = 4
# What one picture takes at worst, by the timeouts in `clients` and by decoding, for which it waits
# until the other threads' pictures are decoded: later ones are not begun.
RESERVED_MILLISECONDS = 130_000
# No timeout ends an answer that comes a byte at a time. What is left for the function's own answer.
ANSWER_MILLISECONDS = 5_000


def label_all(
    submissions: Sequence[Submission],
    label: Callable[[str], Result],
    remaining: Callable[[], float],
    logger: Logger,
) -> list[Result]:
    """Label the pictures of a batch; no picture's failure concerns another.

    Args:
        submissions: The pictures.
        label: Labels one.
        remaining: Milliseconds until Lambda stops the function.
        logger: Where an unforeseen error is told.

    Returns:
        What became of each, in the order of the submissions, before the function's time is up. A
        picture that takes longer is left to another delivery; should it be labelled yet, that one
        finds it labelled.
    """

    def attempt(submission: Submission) -> Result:
        if remaining() < RESERVED_MILLISECONDS:
            return Result(Outcome.RETRIED, "The function's time is nearly up")
        try:
            return label(submission.image_id)
        except Exception as error:
            # An unforeseen fault of ours must not fail the picture, nor take the others along.
            logger.exception("Unexpected error", extra={"image_id": submission.image_id})
            return Result(Outcome.RETRIED, f"Unexpected {type(error).__name__}")

    pool = ThreadPoolExecutor(THREADS)
    attempts = [pool.submit(attempt, submission) for submission in submissions]
    wait(attempts, max(0, remaining() - ANSWER_MILLISECONDS) / 1000)
    pool.shutdown(wait=False, cancel_futures=True)
    return [_result(attempt) for attempt in attempts]


def _result(attempt: "Future[Result]") -> Result:
    if attempt.cancelled() or not attempt.done():
        return Result(Outcome.RETRIED, "The function's time is up")
    return attempt.result()
