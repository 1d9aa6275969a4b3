"""The embedded cloud: ImageLabeller whole, on one machine, without an account."""

from typing import TYPE_CHECKING, Any

from local_aws.errors import CloudError, UsageError

if TYPE_CHECKING:
    from local_aws.cloud import Cloud
    from local_aws.settings import Settings

__all__ = ["Cloud", "CloudError", "Settings", "UsageError"]


def __getattr__(name: str) -> Any:
    """Import what needs the AWS SDK when it is asked for: documentation is built without it."""
    if name == "Cloud":
        from local_aws.cloud import Cloud  # noqa: PLC0415 # as the docstring says

        return Cloud
    if name == "Settings":
        from local_aws.settings import Settings  # noqa: PLC0415

        return Settings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
