"""TCP ports of the loopback interface: which are free, and who has the others."""

import socket

import psutil

from local_aws.errors import CloudError

LOOPBACK = "127.0.0.1"


def free() -> int:
    """Return a port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the port."""
    with socket.socket() as probe:
        # As servers do: a connection of the last one that lingers does not keep the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def claim(wanted: int) -> int:
    """Return the wanted port, or a free one if it is 0.

    Args:
        wanted: The port to use.

    Raises:
        CloudError: If something else listens there; the message names it.
    """
    if wanted == 0:
        return free()
    if not is_free(wanted):
        raise CloudError(
            f"Port {wanted} is in use{_by(wanted)}. Stop that, or choose another port: "
            f"make up PORT={wanted + 1}"
        )
    return wanted


def _by(port: int) -> str:
    """Name the process that listens on a port, as far as this user may see it."""
    try:
        listeners = [
            connection.pid
            for connection in psutil.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,)
        ]
        for pid in filter(None, listeners):
            return f" by {psutil.Process(pid).name()} (pid {pid})"
    except psutil.Error:
        pass
    return ""
