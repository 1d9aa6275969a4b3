"""The house's own rules for CloudFormation templates, as rules of cfn-lint.

They hold for every component, and no template can switch them off (`.cfnlintrc.yaml` makes them
mandatory). A rule that is broken on purpose must fail: `tests/templates` has one template for each.
"""

from house_rules.authorisation import AuthorisationIsNeverNone
from house_rules.deletion import DeletionIsDecided
from house_rules.encryption import StoresAreEncrypted
from house_rules.log_retention import LogsExpire
from house_rules.managed_policies import NoBroadManagedPolicy
from house_rules.tls_only import TlsIsRequired
from house_rules.wildcard_actions import NoWildcardAction
from house_rules.wildcard_resources import NoWildcardResourceWithoutReason

__all__ = [
    "AuthorisationIsNeverNone",
    "DeletionIsDecided",
    "LogsExpire",
    "NoBroadManagedPolicy",
    "NoWildcardAction",
    "NoWildcardResourceWithoutReason",
    "StoresAreEncrypted",
    "TlsIsRequired",
]
