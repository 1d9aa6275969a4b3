"""The environment variables that a program inherits which this package starts."""

import os

ACCESS_KEY = "test"
# What keeps an AWS SDK from the user's account and from the user's configuration.
NOWHERE = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
# MiniStack's Lambdas inherit a server's variables, so nothing of the user's AWS configuration is
# among them.
OF_SERVERS = (
    *("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONUTF8", "SSL_CERT_DIR"),
    *("SSL_CERT_FILE", "SYSTEMROOT", "TZ"),
)
# What the project's own make was called with means something else to a component's.
CALLED_WITH = ("IMAGELABELLER_", "MAKE", "MFLAGS", "PACKAGE_")
NAMES = (
    *("COMPONENT", "ENVIRONMENT", "FILE", "MODEL", "PARAMETERS", "PORT"),
    *("PYTHONPATH", "REGION", "URL", "VIRTUAL_ENV"),
)
# What would turn a deployment to an emulator into one to AWS, or into another pipeline's.
OF_CLOUDS = ("AWS_", "BITBUCKET_", "SAM_CLI_", "TASKCAT_")


def of_server() -> dict[str, str]:
    """Return what a server of the embedded cloud inherits."""
    return {name: os.environ[name] for name in OF_SERVERS if name in os.environ} | NOWHERE


def of_tool(*, on_aws: bool = False) -> dict[str, str]:
    """Return what a tool inherits, such as a component's make.

    Args:
        on_aws: Whether it acts on AWS, by the user's own configuration.
    """
    prefixes = CALLED_WITH if on_aws else CALLED_WITH + OF_CLOUDS
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in NAMES and not name.startswith(prefixes)
    }
    return inherited if on_aws else inherited | NOWHERE


def emulator(url: str, region: str) -> dict[str, str]:
    """Return what sends an AWS SDK or the SAM CLI to an emulator, and keeps it from AWS.

    Args:
        url: Where the emulator answers.
        region: The region.
    """
    return NOWHERE | {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_DEFAULT_REGION": region,
        "AWS_ENDPOINT_URL": url,
    }
