"""Labels the pictures of one batch side by side, within the function's time."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from aws_lambda_powertools import Logger

from invoke_labeller.labeller import Outcome, Result
from invoke_labeller.stream import Submission

# What one picture takes at worst, by the timeouts in `clients` and by `decoder.SECONDS`: later ones
# are not begun.
RESERVED_MILLISECONDS = 165_000
# No timeout ends an answer that comes a byte at a time. What is left for the function's own answer.
ANSWER_MILLISECONDS = 5_000
# Decoding ends a little earlier, so that none of it goes on when the function answers.
DECODED_MILLISECONDS = ANSWER_MILLISECONDS + 1_000


def label_all(
    submissions: Sequence[Submission],
    label: Callable[[str, float], Result],
    remaining: Callable[[], float],
    logger: Logger,
    threads: int,
) -> list[Result]:
    """Label the pictures of a batch; no picture's failure concerns another.

    Args:
        submissions: The pictures.
        label: Labels one, and decodes nothing after a time (by the monotonic clock).
        remaining: Milliseconds until Lambda stops the function.
        logger: Where an unforeseen error is logged.
        threads: How many are labelled at once: a picture mostly waits for S3, the endpoint and
            DynamoDB.

    Returns:
        What became of each, in the order of the submissions, before the function's time is up. A
        picture that takes longer is left to another delivery; should it be labelled yet, that one
        finds it labelled.
    """
    until = time.monotonic() + (remaining() - DECODED_MILLISECONDS) / 1000

    def attempt(submission: Submission) -> Result:
        if remaining() < RESERVED_MILLISECONDS:
            return Result(Outcome.RETRIED, "The function's time is nearly up", was_begun=False)
        try:
            return label(submission.image_id, until)
        except Exception as error:
            # An unforeseen fault of ours must not fail the picture, nor take the others along.
            logger.exception("Unexpected error", extra={"image_id": submission.image_id})
            return Result(Outcome.RETRIED, f"Unexpected {type(error).__name__}")

    pool = ThreadPoolExecutor(threads)
    attempts = [pool.submit(attempt, submission) for submission in submissions]
    wait(attempts, max(0, remaining() - ANSWER_MILLISECONDS) / 1000)
    pool.shutdown(wait=False, cancel_futures=True)
    return [_result(attempt) for attempt in attempts]


def _result(attempt: "Future[Result]") -> Result:
    if attempt.cancelled() or not attempt.done():
        begun = not attempt.cancelled()
        return Result(Outcome.RETRIED, "The function's time is up", was_begun=begun)
    return attempt.result()
