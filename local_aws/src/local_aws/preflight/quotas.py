"""The quotas that the project meets, from the table that the documentation shows as well."""

from dataclasses import dataclass
from pathlib import Path

from local_aws.project import templates

TABLE = Path(__file__).with_name("quotas.yml")


@dataclass(frozen=True, kw_only=True)
class Quota:
    """A quota of AWS.

    Attributes:
        id: Its name in this project.
        name: Its name on AWS.
        service: The service's code in Service Quotas.
        code: Its code in Service Quotas; empty where it has none, or none was seen.
        scope: What it counts: `region` and `account` all that is there, `each` a single resource.
        unit: What is counted.
        new: Value in a new account.
        documented: Value that AWS documents as the default.
        adjustable: Whether AWS raises it.
        how: How it is raised, or what to do instead.
        error: What AWS says when it is exceeded; empty where that was never seen.
        verified: Whether the documented value was read at its source, not where somebody quotes it.
        seen: Where the new account's value and the error were seen, if not at the source.
        source: Where the documented value is from.
        read: Day when it was read there.
    """

    id: str
    name: str
    service: str
    code: str
    scope: str
    unit: str
    new: int
    documented: int
    adjustable: bool
    how: str
    error: str
    verified: bool
    seen: str
    source: str
    read: str

    @property
    def settled_by(self) -> str:
        """The command that shows what the account has; empty where AWS has none."""
        if self.id == "lambda-reserved":
            return "aws lambda get-account-settings"
        if self.scope == "each" and not self.code:
            return ""
        if self.code:
            named = f"get-service-quota --service-code {self.service} --quota-code {self.code}"
        else:
            named = f"list-service-quotas --service-code {self.service}"
        region = " --region us-east-1" if self.worldwide else ""
        return f"aws service-quotas {named}{region}"

    @property
    def worldwide(self) -> bool:
        """Whether Service Quotas reports it only in us-east-1, since it is one for all regions."""
        return self.service in {"iam", "s3"}


def read() -> dict[str, Quota]:
    """Read the table.

    Returns:
        The quotas by their ids, in the table's order.
    """
    document = templates.read(TABLE)
    defaults = document["defaults"]
    return {
        name: Quota(
            id=name, **{**defaults, **each, "read": str(each.get("read", defaults["read"]))}
        )
        for name, each in document["quotas"].items()
    }
