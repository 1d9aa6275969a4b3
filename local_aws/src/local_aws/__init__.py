"""The embedded cloud: ImageLabeller whole, on one machine, without an account."""

from local_aws.cloud import Cloud
from local_aws.errors import CloudError, UsageError
from local_aws.settings import Settings

__all__ = ["Cloud", "CloudError", "Settings", "UsageError"]
