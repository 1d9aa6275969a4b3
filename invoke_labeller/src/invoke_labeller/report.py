"""Tells what became of the pictures: a line of the log for each, and the metrics."""

from collections.abc import Iterable, Sequence

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from invoke_labeller.labeller import Outcome, Result
from invoke_labeller.stream import Submission
from invoke_labeller.times import Clock, milliseconds_since

COUNTED = {
    "ImagesLabelled": Outcome.LABELLED,
    "ImagesFailed": Outcome.FAILED,
    "ImagesRetried": Outcome.RETRIED,
    "ImagesAbandoned": Outcome.GIVEN_UP,
}


class Report:
    """Writes the log and the metrics of the labeller."""

    def __init__(self, clock: Clock, logger: Logger, metrics: Metrics) -> None:
        self._clock = clock
        self._logger = logger
        self._metrics = metrics

    def write(self, results: Iterable[tuple[Submission, Result]]) -> None:
        """Report on a batch.

        Args:
            results: The pictures of the batch, and what became of each.
        """
        pairs = list(results)
        tests = [pair for pair in pairs if pair[0].caller]
        if tests:
            # A metric for each set of dimensions: those of users have none but the service.
            self._metrics.add_dimension(name="Caller", value=str(tests[0][0].caller))
            self._count(tests)
            self._metrics.flush_metrics()
        self._count([pair for pair in pairs if not pair[0].caller])

    def _count(self, pairs: Sequence[tuple[Submission, Result]]) -> None:
        for submission, result in pairs:
            self._picture(submission, result)
        # A zero is a value: an alarm then tells "none failed" from "nothing ran".
        for metric, outcome in COUNTED.items():
            count = sum(result.outcome is outcome for _, result in pairs)
            self._metrics.add_metric(metric, MetricUnit.Count, count)

    def _picture(self, submission: Submission, result: Result) -> None:
        latency = milliseconds_since(submission.submitted_at, self._clock())
        log = self._logger.warning if result.outcome is Outcome.RETRIED else self._logger.info
        log(
            f"Picture {result.outcome}",
            extra={
                "image_id": submission.image_id,
                "outcome": result.outcome,
                "detail": result.detail,
                "latency_milliseconds": latency,
            },
        )
        if result.outcome is Outcome.LABELLED and latency is not None:
            self._metrics.add_metric("LabelLatency", MetricUnit.Milliseconds, latency)
