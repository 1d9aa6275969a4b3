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


def create(labeller: Labeller, clock: Clock, logger: Logger, metrics: Metrics) -> Handler:
    """Make the function that Lambda calls.

    It names the records to deliver again and never raises: Lambda then retries from the first of
    them, while an error would have it retry the whole batch
    (https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html).
    """
    report = Report(clock, logger, metrics)

    @logger.inject_lambda_context
    @metrics.log_metrics
    def handle(event: object, context: LambdaContext) -> dict[str, list[dict[str, str]]]:
        batch = submissions(event)
        results = label_all(batch, labeller.label, context.get_remaining_time_in_millis, logger)
        pairs = list(zip(batch, results, strict=True))
        report.write(pairs)
        return {
            "batchItemFailures": [
                {"itemIdentifier": number}
                for submission, result in pairs
                if result.outcome is Outcome.RETRIED
                for number in submission.sequence_numbers
            ]
        }

    return handle
