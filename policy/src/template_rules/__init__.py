"""The project's own rules for CloudFormation templates, as rules of cfn-lint.

They hold for every component, and no template can switch them off (`.cfnlintrc.yaml` makes them
mandatory). A rule that is broken on purpose must fail: `tests/templates` has one template for each.
"""

from template_rules.alarms import AlarmsAreComplete
from template_rules.authorisation import AuthorisationIsNeverNone
from template_rules.deletion import DeletionIsDecided
from template_rules.described import InterfaceIsDescribed
from template_rules.encryption import StoresAreEncrypted
from template_rules.lasting_exports import ExportsLast
from template_rules.log_retention import LogsExpire
from template_rules.managed_policies import NoBroadManagedPolicy
from template_rules.own_tags import NoPermissionByOwnTag
from template_rules.real_permissions import PermissionsAreReal
from template_rules.tls_only import TlsIsRequired
from template_rules.whitespace import NoWhitespaceInStatement
from template_rules.wildcard_actions import NoWildcardAction
from template_rules.wildcard_resources import NoWildcardResourceWithoutReason

__all__ = [
    "AlarmsAreComplete",
    "AuthorisationIsNeverNone",
    "DeletionIsDecided",
    "ExportsLast",
    "InterfaceIsDescribed",
    "LogsExpire",
    "NoBroadManagedPolicy",
    "NoPermissionByOwnTag",
    "NoWhitespaceInStatement",
    "NoWildcardAction",
    "NoWildcardResourceWithoutReason",
    "PermissionsAreReal",
    "StoresAreEncrypted",
    "TlsIsRequired",
]
