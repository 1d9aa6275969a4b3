"""Clients that attacks succeed against: they show that a leak would be counted."""

import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import requests

from submit_image.addresses import AddressPolicy


def careless(ca_file: Path) -> Callable[[str, float], bytes]:
    """Return a client without rules."""

    def fetch(url: str, seconds: float) -> bytes:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(url, timeout=seconds, verify=str(ca_file)).content

    return fetch


def checking(ca_file: Path) -> Callable[[str, float], bytes]:
    """Return a client that checks the addresses of a name, and then looks it up again."""
    policy, rest = AddressPolicy(), careless(ca_file)

    def fetch(url: str, seconds: float) -> bytes:
        for *_, address in socket.getaddrinfo(urlsplit(url).hostname, 80):
            if policy.refusal(str(address[0])):
                raise PermissionError(url)
        return rest(url, seconds)

    return fetch
