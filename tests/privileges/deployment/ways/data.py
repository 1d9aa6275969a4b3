"""Ways to pictures, rows, packages and keys."""

from tests.privileges.deployment.ways.steps import (
    ALARMS,
    BUCKETS,
    FIXED,
    HERE,
    KEY,
    OURS,
    PICTURE,
    TABLES,
    Step,
    Ways,
    letting,
)

WAYS: Ways = {
    "tag a key as its own, then rewrite its policy or delete it": (
        ALARMS,
        [
            Step("kms:TagResource", KEY, OURS),
            Step("kms:PutKeyPolicy", KEY, OURS),
            Step("kms:ScheduleKeyDeletion", KEY, OURS),
        ],
    ),
    "name an alias of a key, or make a key and grant its use": (
        ALARMS,
        [
            Step("kms:CreateKey", "*", OURS),
            Step("kms:CreateAlias", KEY, OURS),
            Step("kms:CreateGrant", KEY, OURS),
        ],
    ),
    "let the bucket's policy name itself, then read pictures": (
        BUCKETS,
        [
            Step(
                "s3:GetObject",
                PICTURE,
                {},
                letting(BUCKETS.arn, "s3:*", f"{HERE.bucket('images')}/*"),
            ),
            Step(
                "s3:DeleteObject",
                PICTURE,
                {},
                letting(BUCKETS.arn, "s3:*", f"{HERE.bucket('images')}/*"),
            ),
        ],
    ),
    "let the bucket's policy name itself, then replace another component's package": (
        BUCKETS,
        [
            Step(
                "s3:PutObject",
                f"{HERE.bucket('code')}/OpenDevOpsInvokeLabeller/0f1e",
                {},
                letting(BUCKETS.arn, "s3:*", f"{HERE.bucket('code')}/*"),
            )
        ],
    ),
    "let others into the buckets, once access is fixed": (
        FIXED,
        [
            Step(f"s3:{action}", HERE.bucket(kind))
            for kind in ("images", "code")
            for action in (
                "CreateBucket",
                "DeleteBucket",
                "DeleteBucketPolicy",
                "PutBucketAcl",
                "PutBucketOwnershipControls",
                "PutBucketPolicy",
                "PutBucketPublicAccessBlock",
                "PutReplicationConfiguration",
            )
        ],
    ),
    "take the account's block of public access away": (
        BUCKETS,
        [Step("s3:PutAccountPublicAccessBlock", "*")],
    ),
    "copy the table's rows to where they can be read": (
        TABLES,
        [
            Step(f"dynamodb:{action}", HERE.arn("dynamodb", "table/ImageLabels"))
            for action in (
                "CreateBackup",
                "ExportTableToPointInTime",
                "PutResourcePolicy",
                "RestoreTableToPointInTime",
                "EnableKinesisStreamingDestination",
            )
        ],
    ),
    "let another account read the rows, then read them oneself": (
        TABLES,
        [
            Step(
                "dynamodb:GetItem",
                HERE.arn("dynamodb", "table/ImageLabels"),
                {},
                letting(TABLES.arn, "dynamodb:*", HERE.arn("dynamodb", "table/ImageLabels")),
            )
        ],
    ),
}
