"""Whose credentials these are, whether the region can be used, and whom the account trusts."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from local_aws.preflight.context import KNOWN, Context
from local_aws.preflight.findings import Finding, Mark, Unanswered, Unreachable, found

BITBUCKET = "api.bitbucket.org/2.0/workspaces/"
PROVIDER = "Bitbucket's identity provider"
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Region.html
ENABLED = {"opt-in-not-required", "opted-in"}


def credentials(context: Context) -> Iterator[Finding]:
    """Ask who we are."""
    yield _credentials(context)


def _credentials(context: Context) -> Finding:
    try:
        identity = context.identity
    except Unreachable as reason:
        return Finding(
            Mark.BAD,
            f"Credentials: {reason}",
            "Check the network connection, and HTTPS_PROXY if it is set.",
        )
    except Unanswered as reason:
        return Finding(
            Mark.BAD,
            f"Credentials: not usable: {reason}.",
            "Sign in (aws sso login, or aws configure), and try aws sts get-caller-identity.",
        )
    arn, account = str(identity["Arn"]), identity["Account"]
    if arn.endswith(":root"):
        return Finding(
            Mark.NOTE,
            f"Credentials: those of the root user of account {account}.",
            "Use an administrator's role: the root user's permissions cannot be restricted.",
        )
    return Finding(Mark.GOOD, f"Credentials: {arn} in account {account}.")


def region(context: Context) -> Iterator[Finding]:
    """Ask whether the region is enabled."""
    yield found(f"Region {context.region}", lambda: _region(context, context.region))


def _region(context: Context, name: str) -> Finding:
    ec2 = context.client("ec2", region=KNOWN)
    try:
        known = context.ask(
            "ec2:DescribeRegions",
            lambda: ec2.describe_regions(RegionNames=[name], AllRegions=True)["Regions"],
        )
    except ClientError:
        known = []
    if not known:
        return Finding(Mark.BAD, f"Region {name}: AWS has no such region.", "Correct REGION.")
    state = known[0].get("OptInStatus")
    if state in ENABLED or context.is_embedded:
        return Finding(Mark.GOOD, f"Region {name}: enabled.")
    return Finding(
        Mark.BAD,
        f"Region {name}: not enabled in this account ({state}).",
        f"Enable it: aws account enable-region --region-name {name}, and wait some minutes.",
    )


def provider(context: Context) -> Iterator[Finding]:
    """Look for an identity provider of Bitbucket, without which no pipeline can deploy."""
    client = context.client("iam")
    answer = context.ask("iam:ListOpenIDConnectProviders", client.list_open_id_connect_providers)
    arns = [str(each["Arn"]) for each in answer["OpenIDConnectProviderList"]]
    ours = [arn for arn in arns if BITBUCKET in arn]
    if ours:
        yield Finding(Mark.GOOD, f"{PROVIDER}: exists ({', '.join(ours)}).")
        return
    yield Finding(
        Mark.NOTE,
        f"{PROVIDER}: missing. Pipelines need it; a deployment from this machine does not.",
        "deploy_roles creates it: docs/source/bitbucket.md.",
    )
