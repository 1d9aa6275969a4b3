"""Whether the account knows Bitbucket, so that pipelines can deploy."""

from collections.abc import Iterator

from local_aws.preflight.context import Context
from local_aws.preflight.findings import Finding, Mark, Unasked, unasked

BITBUCKET = "api.bitbucket.org/2.0/workspaces/"


def check(context: Context) -> Iterator[Finding]:
    """Look for an identity provider of Bitbucket."""
    client = context.client("iam")
    title = "Bitbucket's identity provider"
    try:
        found = context.ask("iam:ListOpenIDConnectProviders", client.list_open_id_connect_providers)
    except Unasked as reason:
        yield unasked(title, reason)
        return
    arns = [str(each["Arn"]) for each in found["OpenIDConnectProviderList"]]
    ours = [arn for arn in arns if BITBUCKET in arn]
    if ours:
        yield Finding(Mark.GOOD, f"{title}: there ({', '.join(ours)}).")
        return
    yield Finding(
        Mark.NOTE,
        f"{title}: not there. Pipelines need it; a deployment from this machine does not.",
        "deploy_roles makes it: docs/source/bitbucket.md.",
    )
