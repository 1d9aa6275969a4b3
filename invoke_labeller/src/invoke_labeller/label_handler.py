"""The handler of the table's stream: reads the records, has them labelled, answers and reports."""

from collections.abc import Callable

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.typing import LambdaContext

from invoke_labeller.batch import label_all
from invoke_labeller.labeller import Labeller, Outcome
from invoke_labeller.report import Report
from invoke_labeller.stream import submissions
from invoke_labeller.times import Clock

type Handler = Callable[[object, LambdaContext], dict[str, list[dict[str, str]]]]


def create_handler(
    labeller: Labeller, clock: Clock, logger: Logger, metrics: Metrics, threads: int
) -> Handler:
    """Make the function that Lambda calls.

    It names the records to deliver again and never raises: Lambda then retries from the first of
    them, while an error would have it retry the whole batch
    (https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html).

    What the sweep has sent is tried once and left to the sweep again: it has failed before, and
    each delivery holds up the shard's other pictures.
    """
    report = Report(clock, logger, metrics)

    @logger.inject_lambda_context
    @metrics.log_metrics
    def handler(event: object, context: LambdaContext) -> dict[str, list[dict[str, str]]]:
        batch = submissions(event)
        remaining = context.get_remaining_time_in_millis
        results = label_all(batch, labeller.label, remaining, logger, threads)
        pairs = list(zip(batch, results, strict=True))
        report.write(pairs)
        return {
            "batchItemFailures": [
                {"itemIdentifier": number}
                for submission, result in pairs
                if result.outcome is Outcome.RETRIED
                and not (submission.is_swept and result.was_begun)
                for number in submission.sequence_numbers
            ]
        }

    return handler
