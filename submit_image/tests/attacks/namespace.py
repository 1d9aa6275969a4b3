"""A network of the test's own: every address there is, and nothing outside.

In a new network namespace the loopback interface is given all addresses of both families, so that
a connection to any of them succeeds, is seen by the sniffer, and leaves the machine by no way. The
resolver's configuration is covered up by mounts that only this namespace sees.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.attacks.model import Attack, Outcome
from tests.attacks.tables.places import NAMESERVER, SEARCHED, UNREACHABLE

ROOT = Path(__file__).parents[2]

FILES = {
    "resolv.conf": f"nameserver {NAMESERVER}\nsearch {SEARCHED}\noptions timeout:1 attempts:2\n",
    "hosts": "",
    "nsswitch.conf": "hosts: files dns\n",
}
ENVIRONMENT = {
    # As in the function's template.
    "RES_OPTIONS": "timeout:1 attempts:2",
    # Whoever heeds these connects to where no attack may lead.
    **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:8080"),
}
# In the shell's first argument are the files above; the others are the command.
SETUP = f"""
set -e
ip link set lo up
ip route add local default dev lo
ip -6 route add local default dev lo
ip route add unreachable {UNREACHABLE} table local
for file in {" ".join(FILES)}; do
    if [ -e /etc/$file ]; then mount --bind "$0/$file" /etc/$file; fi
done
# Name service caches are reached through the file system, which is shared.
for cache in /run/nscd /run/systemd/resolve; do
    if [ -d $cache ]; then mount -t tmpfs none $cache; fi
done
exec "$@"
"""


def command(directory: Path, *program: str) -> list[str]:
    """Return the command that runs a program inside."""
    for name, text in FILES.items():
        (directory / name).write_text(text)
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    unshare = ["unshare", *user, "--net", "--mount", "--propagation", "private"]
    return [*unshare, "sh", "-c", SETUP, str(directory), *program]


def unavailable(directory: Path) -> str:
    """Say why this machine does not allow it; empty if it does."""
    missing = [tool for tool in ("unshare", "ip", "mount") if not shutil.which(tool)]
    if missing:
        return f"{missing[0]} is not installed"
    tried = subprocess.run(  # noqa: S603 - the command above
        command(directory, "true"), capture_output=True, text=True, check=False, timeout=20
    )
    return "" if tried.returncode == 0 else f"no network namespace: {tried.stderr.strip()}"


class Arena:
    """The fetcher and its adversaries, inside."""

    def __init__(self, directory: Path) -> None:
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": paths}
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command(directory, sys.executable, "-m", "tests.attacks.worker", str(directory)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )
        if self._read() != "ready\n":
            raise RuntimeError("the network of the test's own did not start")

    def run(self, attack: Attack, client: str = "ours") -> Outcome:
        """Carry an attack out against one of the worker's clients."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([client, attack.url, attack.seconds]) + "\n")
        self._process.stdin.flush()
        fields = json.loads(self._read())
        openings = [(address, port) for address, port in fields.pop("openings")]
        return Outcome(**fields, openings=openings)

    def close(self) -> None:
        """End the processes inside."""
        self._process.communicate(timeout=20)

    def _read(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()
