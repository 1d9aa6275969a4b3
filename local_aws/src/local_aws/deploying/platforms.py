"""For which Python and machine a component's native wheels have to be built."""

import platform
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A Python version and a platform, as uv names them.

    Attributes:
        python: Version, `3.13`.
        platform: Name of uv's `--python-platform`.
    """

    python: str
    platform: str

    @property
    def architecture(self) -> str:
        """Lambda's name of the processor."""
        return "arm64" if self.platform.startswith("aarch64") else "x86_64"


# What `make package` builds for, and Lambda runs, unless asked for another.
LAMBDA = Target("3.13", "x86_64-manylinux_2_28")

SUFFIXES = {
    ("Darwin", ""): "apple-darwin",
    ("Linux", "glibc"): "manylinux_2_28",
    ("Linux", ""): "unknown-linux-musl",
}


def of_host() -> Target:
    """Return the target of this machine and this Python, which MiniStack runs Lambdas with."""
    machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    suffix = SUFFIXES.get((platform.system(), platform.libc_ver()[0]), "manylinux_2_28")
    return Target(f"{sys.version_info.major}.{sys.version_info.minor}", f"{machine}-{suffix}")


def overrides(host: Target) -> list[str]:
    """Return the make variables with which a package runs here; none where Lambda's own does."""
    if host == LAMBDA:
        return []
    return [f"PACKAGE_PYTHON={host.python}", f"PACKAGE_PLATFORM={host.platform}"]
