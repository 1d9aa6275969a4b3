"""The account's quotas, against what the parameter files ask for."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from local_aws.preflight import quotas
from local_aws.preflight.checks import endpoint
from local_aws.preflight.context import KNOWN, Context
from local_aws.preflight.findings import Finding, Mark, Unanswered, unanswered
from local_aws.preflight.quotas import Quota
from local_aws.preflight.usage import Usage
from local_aws.project.places import PLACES

# These are reported whatever they are, since they differ between accounts.
ALWAYS = ("serverless-memory", "serverless-concurrency", "lambda-concurrency")


def check(context: Context) -> Iterator[Finding]:
    """Compare each quota with what is used of it."""
    usage = Usage(context.target.settings.root)
    uses = usage.region(context.environment, context.target.effective)
    # Whether the other environments are in this account is not known: they may be.
    uses |= usage.account([place.environment for place in PLACES])
    fitting = 0
    table = quotas.read()
    for quota in (each for each in table.values() if each.id in uses):
        finding = _compare(context, quota, uses[quota.id])
        if finding.mark is Mark.GOOD and quota.id not in ALWAYS:
            fitting += 1
        else:
            yield finding
    yield Finding(Mark.GOOD, f"{fitting} other quotas: all fit, see docs/source/quotas.md.")
    if not uses.keys() >= table.keys():
        yield Finding(Mark.GOOD, "The size of the packages is compared once they are built.")


def _compare(context: Context, quota: Quota, used: int) -> Finding:
    title = f"{quota.name} ({quota.service}{' ' * bool(quota.code)}{quota.code})"
    try:
        allowed = _allowed(context, quota)
    except Unanswered as reason:
        # What fits a new account fits every account.
        fits = Finding(
            Mark.GOOD, f"{title}: {used} {quota.unit}, and a new account has {quota.new}."
        )
        return fits if used <= quota.new and quota.id not in ALWAYS else unanswered(title, reason)
    if allowed is None:
        return _unlisted(title, quota, used)
    text = f"{title}: {used} {quota.unit} of {allowed}."
    if quota.id == "serverless-concurrency" and allowed:
        try:
            others = endpoint.concurrency_of_others(context)
        except Unanswered as reason:
            return unanswered(f"{title}, and what other endpoints have of it", reason)
        text = f"{text[:-1]}, of which other endpoints have {others}."
        allowed -= others
    if used <= allowed:
        return Finding(Mark.GOOD, text)
    return Finding(
        Mark.BAD, text, f"{quota.how} AWS would say: {quota.error or 'no text was seen'}"
    )


def _unlisted(title: str, quota: Quota, used: int) -> Finding:
    text = f"{title}: {used} {quota.unit}; AWS does not report this account's quota"
    if used <= quota.new:
        return Finding(Mark.GOOD, f"{text}, and a new account has {quota.new}.")
    return Finding(Mark.UNKNOWN, f"{text}, and a new account has only {quota.new}.", quota.how)


def _allowed(context: Context, quota: Quota) -> int | None:
    """Return the quota's value in this account, or None where AWS does not tell."""
    if quota.id in {"lambda-concurrency", "lambda-reserved"}:
        client = context.client("lambda")
        found = context.ask("lambda:GetAccountSettings", client.get_account_settings)
        limit = found["AccountLimit"]
        if quota.id == "lambda-concurrency":
            # What other functions have reserved is not there for ours.
            return int(limit["UnreservedConcurrentExecutions"])
        return max(0, int(limit["UnreservedConcurrentExecutions"]) - _kept(limit))
    if not quota.code:
        return None
    client = context.client("service-quotas", region=KNOWN if quota.worldwide else context.region)
    named = {"ServiceCode": quota.service, "QuotaCode": quota.code}
    try:
        found = context.ask(
            "servicequotas:GetServiceQuota", lambda: client.get_service_quota(**named)
        )
    except ClientError as error:
        if "NoSuchResource" not in str(error):
            raise
        found = context.ask(
            "servicequotas:GetAWSDefaultServiceQuota",
            lambda: client.get_aws_default_service_quota(**named),
        )
    return int(found["Quota"]["Value"])


def _kept(limit: dict[str, int]) -> int:
    """Return how many executions Lambda keeps for functions that reserve none."""
    return min(100, int(limit["ConcurrentExecutions"]))
