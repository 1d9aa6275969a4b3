"""Ways with the role of the system tests."""

from tests.privileges.deployment.places import ACCOUNT
from tests.privileges.deployment.ways.steps import (
    API_TAGS,
    FUNCTION,
    HERE,
    KEYS,
    OTHER_STACK,
    OURS,
    PICTURE,
    SUBMIT,
    SUITE,
    Step,
    Ways,
    letting,
)

WAYS: Ways = {
    "read every key of the region with the suite's role": (
        SUITE,
        [
            Step("apigateway:GET", KEYS),
            Step("apigateway:GET", f"{KEYS}/k1e2y3"),
            Step("apigateway:GET", f"{KEYS}/k1e2y3", {OTHER_STACK: "Orders"}),
            Step("apigateway:GET", f"{KEYS}/k1e2y3", OURS),
            Step("apigateway:PUT", f"arn:aws:apigateway:{HERE.region}::/tags/{API_TAGS}"),
        ],
    ),
    "call every API of the region with the suite's role": (
        SUITE,
        [Step("execute-api:Invoke", HERE.arn("execute-api", "o1r2d3e4r5/v1/GET/submit-image"))],
    ),
    "use the suite's role for anything but the suite": (
        SUITE,
        [
            Step("lambda:InvokeFunction", FUNCTION.format("InvokeLabeller")),
            Step("lambda:UpdateFunctionCode", FUNCTION.format("SubmitImage")),
            Step("s3:GetObject", PICTURE),
            Step("s3:PutObject", f"{HERE.bucket('code')}/OpenDevOpsSubmitImage/0f1e"),
            Step("dynamodb:GetItem", HERE.arn("dynamodb", "table/ImageLabels")),
            Step(
                "cloudformation:ExecuteChangeSet",
                HERE.arn("cloudformation", "stack/OpenDevOpsS3/6b7c8d9e"),
            ),
            Step("sts:AssumeRole", SUBMIT.arn, {}, letting(ACCOUNT, "sts:AssumeRole")),
        ],
    ),
}
