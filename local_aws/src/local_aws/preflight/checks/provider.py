"""Whether the account knows Bitbucket, so that pipelines can deploy."""

from collections.abc import Iterator

from local_aws.preflight.context import Context
from local_aws.preflight.findings import Finding, Mark

TITLE = "Bitbucket's identity provider"
BITBUCKET = "api.bitbucket.org/2.0/workspaces/"


def check(context: Context) -> Iterator[Finding]:
    """Look for an identity provider of Bitbucket."""
    client = context.client("iam")
    found = context.ask("iam:ListOpenIDConnectProviders", client.list_open_id_connect_providers)
    arns = [str(each["Arn"]) for each in found["OpenIDConnectProviderList"]]
    ours = [arn for arn in arns if BITBUCKET in arn]
    if ours:
        yield Finding(Mark.GOOD, f"{TITLE}: exists ({', '.join(ours)}).")
        return
    yield Finding(
        Mark.NOTE,
        f"{TITLE}: missing. Pipelines need it; a deployment from this machine does not.",
        "deploy_roles creates it: docs/source/bitbucket.md.",
    )
