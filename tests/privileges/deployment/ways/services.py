"""Ways to what other components, stacks and accounts run."""

from tests.privileges.deployment.arns import API
from tests.privileges.deployment.ways.steps import (
    ALARMS,
    API_TAGS,
    ENDPOINT,
    FUNCTION,
    HERE,
    LABEL,
    MAPPING,
    OTHER_STACK,
    SUBMIT,
    Step,
    Ways,
)

WAYS: Ways = {
    "let everybody, or another account, call its function": (
        SUBMIT,
        [
            Step(
                "lambda:AddPermission",
                FUNCTION.format("SubmitImage"),
                {"lambda:Principal": principal},
            )
            for principal in ("*", "210987654321", "s3.amazonaws.com")
        ]
        + [Step("lambda:CreateFunctionUrlConfig", FUNCTION.format("SubmitImage"))],
    ),
    "have another's stream call its function, or its stream another's function": (
        LABEL,
        [
            Step(
                "lambda:CreateEventSourceMapping",
                "*",
                {"lambda:FunctionArn": FUNCTION.format("SubmitImage")},
            ),
            # The request names its own function for a mapping that another stack made.
            Step(
                "lambda:UpdateEventSourceMapping",
                MAPPING,
                {"lambda:FunctionArn": FUNCTION.format("InvokeLabeller"), OTHER_STACK: "Orders"},
            ),
            Step("lambda:TagResource", MAPPING, {OTHER_STACK: "Orders"}),
        ],
    ),
    "tag another's API as its own, then change it": (
        SUBMIT,
        [
            Step(
                "apigateway:PUT",
                f"arn:aws:apigateway:{HERE.region}::/tags/{API_TAGS}",
                {OTHER_STACK: "OpenDevOpsGetImageLabel"},
            ),
            Step(
                "apigateway:PATCH",
                f"arn:aws:apigateway:{HERE.region}::/restapis/{API}",
                {
                    OTHER_STACK: "OpenDevOpsGetImageLabel",
                    "aws:ResourceTag/application": "ImageLabeller",
                },
            ),
        ],
    ),
    "scale what is not SageMaker's": (
        ENDPOINT,
        [
            Step(
                "application-autoscaling:RegisterScalableTarget",
                HERE.arn("application-autoscaling", "scalable-target/0ec51a2b3c4d"),
                {
                    "application-autoscaling:service-namespace": "ecs",
                    "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
                },
            )
        ],
    ),
    "silence another's alarms, or subscribe to its topic": (
        ALARMS,
        [
            Step("cloudwatch:PutMetricAlarm", HERE.arn("cloudwatch", "alarm:Orders-Errors")),
            Step("sns:Unsubscribe", HERE.arn("sns", "Orders")),
            Step("sns:Subscribe", HERE.arn("sns", "Orders")),
        ],
    ),
}
