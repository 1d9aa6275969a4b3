"""Counts what is opened towards an address, as the interface sees it: SYNs and datagrams."""

import ipaddress
import socket
import threading
import time

ETHERNET_BYTES = 14
ETH_P_ALL, ETH_P_IP, ETH_P_IPV6 = 3, 0x0800, 0x86DD
# Every packet of the loopback interface comes by twice: on its way out and on its way in.
PACKET_OUTGOING = 4
SYN, ACK = 0x02, 0x10
TIMEOUT = 30.0


class Openings:
    """What was opened since the last time that somebody asked; each flow counts once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flows: dict[tuple[str, int, int], None] = {}

    def add(self, address: str, port: int, source_port: int) -> None:
        with self._lock:
            self._flows[address, port, source_port] = None

    def take(self, expected: int) -> list[tuple[str, int]]:
        """Return and forget them, once there are as many as the kernel counted."""
        deadline = time.monotonic() + TIMEOUT
        while len(self._flows) < expected and time.monotonic() < deadline:
            time.sleep(0.005)
        with self._lock:
            flows, self._flows = self._flows, {}
        return [(address, port) for address, port, _ in flows]


def sniff() -> Openings:
    """Watch the interface from now on."""
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    raw.bind(("lo", 0))
    # So much waits while this process is busy being hostile.
    raw.setsockopt(socket.SOL_SOCKET, 33, 64 * 2**20)  # SO_RCVBUFFORCE, which `socket` lacks
    openings = Openings()

    def watch() -> None:
        while True:
            # The headers are all that counts; the rest of a packet is cut off.
            frame, (_, protocol, kind, *_) = raw.recvfrom(128)
            if kind == PACKET_OUTGOING and (opening := parse(protocol, frame[ETHERNET_BYTES:])):
                openings.add(*opening)

    threading.Thread(target=watch, daemon=True).start()
    return openings


def parse(protocol: int, packet: bytes) -> tuple[str, int, int] | None:
    """Return what a packet opens: address, port and the client's port; None if it opens nothing."""
    if protocol == ETH_P_IP:
        address, transport, payload = packet[16:20], packet[9], packet[(packet[0] & 15) * 4 :]
    elif protocol == ETH_P_IPV6:
        address, transport, payload = packet[24:40], packet[6], packet[40:]
    else:
        return None
    source_port, port = int.from_bytes(payload[0:2]), int.from_bytes(payload[2:4])
    name = str(ipaddress.ip_address(address))
    if transport == socket.IPPROTO_TCP and payload[13] & (SYN | ACK) == SYN:
        return name, port, source_port
    # Of datagrams only those between the resolver and its name server are in order.
    if transport == socket.IPPROTO_UDP and 53 not in (port, source_port):
        return name, port, source_port
    return None
