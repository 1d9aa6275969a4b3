"""Which port the website gets."""

import os
import socket

import psutil

from local_aws.servers import ports
from local_aws.servers.processes import Process
from local_aws.servers.state import Server
from local_aws.servers.supervisor import _website


def server(website: int) -> Server:
    return Server(Process(os.getpid(), psutil.Process().create_time(), ()), 1, "", website)


def test_it_keeps_the_port_it_had() -> None:
    free = ports.free()

    assert _website(1, server(free)) == free


def test_it_is_next_to_ministack_or_where_there_is_room() -> None:
    with socket.socket() as taken:
        taken.bind((ports.LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert _website(port - 1, server(port)) not in {0, port}
    assert _website(65535, None) > 0
