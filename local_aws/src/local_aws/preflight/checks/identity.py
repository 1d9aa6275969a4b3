"""Whose credentials these are, and whether the region can be used."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from local_aws.preflight.context import KNOWN, Context
from local_aws.preflight.findings import Finding, Mark, Unanswered, Unreachable, unanswered

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Region.html
ENABLED = {"opt-in-not-required", "opted-in"}


def credentials(context: Context) -> Iterator[Finding]:
    """Ask who we are."""
    try:
        found = context.identity
    except Unreachable as reason:
        yield Finding(
            Mark.BAD,
            f"Credentials: {reason}",
            "Check the network connection, and HTTPS_PROXY if it is set.",
        )
        return
    except Unanswered as reason:
        yield Finding(
            Mark.BAD,
            f"Credentials: not usable: {reason}.",
            "Sign in (aws sso login, or aws configure), and try aws sts get-caller-identity.",
        )
        return
    arn = str(found["Arn"])
    if arn.endswith(":root"):
        yield Finding(
            Mark.NOTE,
            f"Credentials: those of the root user of account {found['Account']}.",
            "Use an administrator's role: the root user's permissions cannot be restricted.",
        )
        return
    yield Finding(Mark.GOOD, f"Credentials: {arn} in account {found['Account']}.")


def region(context: Context) -> Iterator[Finding]:
    """Ask whether the region is enabled."""
    name = context.region
    ec2 = context.client("ec2", region=KNOWN)
    try:
        found = context.ask(
            "ec2:DescribeRegions",
            lambda: ec2.describe_regions(RegionNames=[name], AllRegions=True)["Regions"],
        )
    except Unanswered as reason:
        yield unanswered(f"Region {name}", reason)
        return
    except ClientError:
        found = []
    state = found[0].get("OptInStatus") if found else None
    if not found:
        yield Finding(Mark.BAD, f"Region {name}: AWS has no such region.", "Correct REGION.")
    elif state in ENABLED or context.is_embedded:
        yield Finding(Mark.GOOD, f"Region {name}: enabled.")
    else:
        yield Finding(
            Mark.BAD,
            f"Region {name}: not enabled in this account ({state}).",
            f"Enable it: aws account enable-region --region-name {name}, and wait some minutes.",
        )
