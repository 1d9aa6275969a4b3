"""What the roles grant and the emulator never asks for: who does it there asks nobody."""

from dataclasses import dataclass

from tests.privileges.roles import LABELLER, LOOK_UP, SCHEDULE, SUBMIT, SWEEP

SENDS_NO_TRACES = "the emulator sends no traces"
LOGS_ITSELF = "the emulator writes a function's log itself"
READS_ITSELF = "the emulator's poller reads the stream itself"
DELIVERS_ITSELF = "the emulator delivers to a destination itself"


@dataclass(frozen=True)
class BlindSpot:
    """An action that a role grants and that is not seen while the application runs.

    Attributes:
        role: The role.
        action: The action.
        why: Why it is not seen.
        granted: The resource that AWS will ask about.
        neighbours: Resources as near to it as can be, which must be denied.
    """

    role: str
    action: str
    why: str
    granted: str
    neighbours: tuple[str, ...]


def _stream(action: str) -> BlindSpot:
    stream = "arn:aws:dynamodb:$region:$account:table/{}/stream/2026-11-25T07:18:57.158"
    neighbours = (stream.format("ImageLabels2"), stream.format("Other"))
    return BlindSpot(LABELLER, action, READS_ITSELF, stream.format("ImageLabels"), neighbours)


def _logs(role: str, group: str, *others: str) -> list[BlindSpot]:
    stream = "arn:aws:logs:$region:$account:log-group:/aws/lambda/{}:log-stream:2026/11/25/[1]a"
    neighbours = tuple(stream.format(other) for other in others)
    return [
        BlindSpot(role, action, LOGS_ITSELF, stream.format(group), neighbours)
        for action in ("logs:CreateLogStream", "logs:PutLogEvents")
    ]


def _traces(role: str) -> list[BlindSpot]:
    return [
        # The actions know no resource, so there is no neighbour.
        BlindSpot(role, action, SENDS_NO_TRACES, "*", ())
        for action in ("xray:PutTelemetryRecords", "xray:PutTraceSegments")
    ]


def _queue(role: str) -> BlindSpot:
    queue = "arn:aws:sqs:$region:$account:"
    neighbours = ("$queue-2", f"{queue}Other", "arn:aws:sqs:eu-west-1:$account:$queue_name")
    return BlindSpot(role, "sqs:SendMessage", DELIVERS_ITSELF, "$queue", neighbours)


BLIND_SPOTS = [
    *(
        spot
        for role, group, others in (
            (
                SUBMIT,
                "OpenDevOpsSubmitImage",
                ("OpenDevOpsSubmitImage2", "OpenDevOpsGetImageLabel"),
            ),
            (
                LOOK_UP,
                "OpenDevOpsGetImageLabel",
                ("OpenDevOpsGetImageLabel2", "OpenDevOpsSubmitImage"),
            ),
            (LABELLER, "OpenDevOpsInvokeLabeller", ("OpenDevOpsInvokeLabeller-Sweep",)),
            (SWEEP, "OpenDevOpsInvokeLabeller-Sweep", ("OpenDevOpsInvokeLabeller",)),
        )
        for spot in (*_logs(role, group, *others), *_traces(role))
    ),
    _stream("dynamodb:DescribeStream"),
    _stream("dynamodb:GetRecords"),
    _stream("dynamodb:GetShardIterator"),
    # The action knows no resource, so there is no neighbour.
    BlindSpot(LABELLER, "dynamodb:ListStreams", READS_ITSELF, "*", ()),
    _queue(LABELLER),
    _queue(SWEEP),
    *(
        BlindSpot(
            role,
            "s3:ListBucket",
            "the emulator says that an object is missing to whoever may read it",
            "arn:aws:s3:::$images",
            ("arn:aws:s3:::$code", "arn:aws:s3:::$images-2"),
        )
        for role in (LABELLER, SUBMIT)
    ),
    BlindSpot(
        LABELLER,
        "sagemaker:InvokeEndpoint",
        "the endpoint is a server of our own, which knows no IAM",
        "arn:aws:sagemaker:$region:$account:endpoint/open-devops-image-labeller",
        (
            "arn:aws:sagemaker:$region:$account:endpoint/open-devops-image-labeller-2",
            "arn:aws:sagemaker:eu-west-1:$account:endpoint/open-devops-image-labeller",
        ),
    ),
    BlindSpot(
        SCHEDULE,
        "lambda:InvokeFunction",
        "the emulator's scheduler invokes its targets itself",
        "arn:aws:lambda:$region:$account:function:$sweep",
        (
            "arn:aws:lambda:$region:$account:function:$labeller",
            "arn:aws:lambda:$region:$account:function:$submit",
            "arn:aws:lambda:$region:$account:function:$look_up",
        ),
    ),
]
