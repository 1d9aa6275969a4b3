"""Ways over roles: making one, changing one, passing one."""

from tests.privileges.deployment.ways.steps import (
    ACCOUNT_ROLE,
    ENDPOINT,
    HERE,
    LABEL,
    SUBMIT,
    THERE,
    Step,
    Ways,
    carrying,
    letting,
    made_by,
    role,
)

LINKED = [
    Step(
        "iam:CreateServiceLinkedRole",
        f"{ACCOUNT_ROLE}/aws-service-role/organizations.amazonaws.com/AWSServiceRole",
        {"iam:AWSServiceName": "organizations.amazonaws.com"},
    )
]
WAYS: Ways = {
    "rewrite the trust of a role of Production, or delete it": (
        SUBMIT,
        [
            Step("iam:UpdateAssumeRolePolicy", made_by("submit_image", THERE)),
            Step("iam:DeleteRole", made_by("submit_image", THERE)),
            Step(
                "iam:PassRole",
                made_by("submit_image", THERE),
                {"iam:PassedToService": "lambda.amazonaws.com"},
            ),
        ],
    ),
    "have a function's role trust it, then assume that role": (
        LABEL,
        [
            Step(
                "sts:AssumeRole",
                made_by("invoke_labeller"),
                {},
                letting(LABEL.arn, "sts:AssumeRole"),
            )
        ],
    ),
    "make a role without the boundary, with another's or another region's": (
        SUBMIT,
        [
            Step("iam:CreateRole", made_by("submit_image"), context)
            for context in (
                {},
                carrying(LABEL.boundary),
                carrying(role("submit_image", THERE).boundary),
                carrying("arn:aws:iam::aws:policy/AdministratorAccess"),
            )
        ],
    ),
    "make a role, then take its boundary away or put another in its place": (
        LABEL,
        [
            Step(
                "iam:DeleteRolePermissionsBoundary",
                made_by("invoke_labeller"),
                carrying(LABEL.boundary),
            ),
            Step(
                "iam:PutRolePermissionsBoundary",
                made_by("invoke_labeller"),
                carrying(ENDPOINT.boundary),
            ),
            Step("iam:AttachRolePolicy", made_by("invoke_labeller"), carrying(LABEL.boundary)),
            Step("iam:PutRolePolicy", made_by("invoke_labeller"), {}),
        ],
    ),
    "make a role outside its path": (
        SUBMIT,
        [
            Step("iam:CreateRole", f"{ACCOUNT_ROLE}/{place}", carrying(SUBMIT.boundary))
            for place in (
                "OpenDevOpsSubmitImage-Role-1",
                "imagelabeller/OpenDevOpsSubmitImage-Role-1",
                f"imagelabeller/{THERE.region}/OpenDevOpsSubmitImage-Role-1",
                f"imagelabeller/deploy/{HERE.region}/OpenDevOpsSubmitImage-Role-1",
            )
        ],
    ),
    "pass its role to another service": (
        SUBMIT,
        [
            Step(
                "iam:PassRole",
                made_by("submit_image"),
                {"iam:PassedToService": f"{name}.amazonaws.com"},
            )
            for name in (
                "cloudformation",
                "ec2",
                "glue",
                "codebuild",
                "sagemaker",
                "scheduler",
                "ecs-tasks",
            )
        ],
    ),
    "run its code as another component": (
        SUBMIT,
        [
            Step("iam:PassRole", made_by(name), {"iam:PassedToService": "lambda.amazonaws.com"})
            for name in ("get_image_label", "invoke_labeller", "sagemaker_endpoint")
        ],
    ),
    "link a role to another service": (ENDPOINT, LINKED),
    "link a role to another service, from an API": (SUBMIT, LINKED),
}
