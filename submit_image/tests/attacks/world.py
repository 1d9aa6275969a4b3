"""Everything outside: hosts at every address, a DNS server, and a sniffer that counts openings.

Runs in the network namespace as a process of its own, so that its memory is not the fetcher's. Each
line that it is sent asks what was opened since the line before, and says how many connections the
kernel counted meanwhile.
"""

import contextlib
import json
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from tests.attacks import certificates, dns_server, sniffer
from tests.attacks.sites import respond
from tests.attacks.tables.places import BLACKHOLE
from tests.support.servers import read_request

HTTP_PORTS = (80, 8080, 9001)
HTTPS_PORT = 443

type Talk = Callable[[socket.socket], None]


def serve(port: int, talk: Talk) -> None:
    """Answer at every address of both families, one thread for each connection."""
    listener = socket.create_server(
        ("::", port), family=socket.AF_INET6, dualstack_ipv6=True, reuse_port=True, backlog=512
    )

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=converse, args=(connection,), daemon=True).start()

    def converse(connection: socket.socket) -> None:
        # Whatever goes wrong with one client, the next one is served.
        with connection, contextlib.suppress(OSError, ValueError):
            connection.settimeout(60)
            talk(connection)

    threading.Thread(target=accept, daemon=True).start()


def talk_http(connection: socket.socket) -> None:
    respond(connection, read_request(connection))


def talk_https(contexts: certificates.Contexts) -> Talk:
    def talk(connection: socket.socket) -> None:
        name = certificates.server_name(connection)
        if script := certificates.WITHOUT_TLS.get(name):
            script(connection)
            return
        with contexts.server(name).wrap_socket(connection, server_side=True) as secured:
            talk_http(secured)

    return talk


def swallow() -> list[socket.socket]:
    """Listen at the black hole with a full queue: the kernel drops every further SYN."""
    listener = socket.create_server((BLACKHOLE, 80), backlog=0, reuse_port=True)
    return [listener, socket.create_connection((BLACKHOLE, 80))]


def main(directory: Path) -> None:
    kept = swallow()
    contexts = certificates.Contexts(directory)
    for port in HTTP_PORTS:
        serve(port, talk_http)
    serve(HTTPS_PORT, talk_https(contexts))
    zone = dns_server.serve()
    openings = sniffer.sniff()
    print("ready", flush=True)  # noqa: T201 - the protocol with the process that started this one
    for line in sys.stdin:
        print(json.dumps(openings.take(int(line))), flush=True)  # noqa: T201 - likewise
        zone.reset()
    del kept


if __name__ == "__main__":
    main(Path(sys.argv[1]))
