"""A port that is taken is named, with who has it."""

import socket

import pytest

from local_aws import CloudError
from local_aws.servers import ports


def test_a_free_port_is_free() -> None:
    port = ports.free()

    assert ports.is_free(port)
    assert ports.claim(port) == port


def test_zero_is_any_free_port() -> None:
    assert ports.is_free(ports.claim(0))


def test_a_taken_port_is_named_with_its_owner_and_a_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CloudError) as failure:
            ports.claim(port)

    assert f"Port {port} is in use by " in str(failure.value)
    assert f"make up PORT={port + 1}" in str(failure.value)


def test_one_that_is_taken_on_every_interface_is_taken() -> None:
    with socket.create_server(("", 0)) as server:
        assert not ports.is_free(server.getsockname()[1])
