"""Which ports the servers get, and what happens where another process is faster."""

import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from local_aws import Settings
from local_aws.errors import CloudError, PortTakenError
from local_aws.servers import plans, ports, state
from local_aws.servers.plans import ENDPOINT, MOTO
from local_aws.servers.processes import Process
from local_aws.servers.state import Server
from local_aws.servers.supervisor import STARTS, Supervisor, _website
from local_aws.servers.virtualenvs import python_of
from local_aws.tools.progress import Progress

# Another process has its port at the first starts, as many as a file says.
SERVER = """\
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

faster = Path(__file__).with_name("faster")
left = int(faster.read_text())
faster.write_text(str(left - 1))
port = int(sys.argv[-1])
if left:
    with HTTPServer(("127.0.0.1", port), Handler):
        HTTPServer(("127.0.0.1", port), Handler)
HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


@pytest.fixture
def faster(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """How often another process takes a server's port: a file with a number."""
    own = replace(settings, environments=tmp_path / "environments")
    python = python_of(own.environments / MOTO)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (tmp_path / "protecting_moto.py").write_text(SERVER)
    monkeypatch.setattr(plans, "PROGRAMS", tmp_path)
    yield tmp_path / "faster"
    Supervisor(own, Progress.silent()).down()


def start(settings: Settings, tmp_path: Path) -> dict[str, Server]:
    own = replace(settings, environments=tmp_path / "environments")
    Supervisor(own, Progress.silent()).up(lambda: tmp_path / "model", "endpoint", [MOTO])
    return state.load(own.state).servers


def test_a_server_whose_port_was_taken_meanwhile_gets_another(
    faster: Path, settings: Settings, tmp_path: Path
) -> None:
    faster.write_text(str(STARTS - 1))

    servers = start(settings, tmp_path)

    assert servers[MOTO].process.find() is not None
    assert faster.read_text() == "-1"


def test_it_is_given_up_after_a_few_ports(faster: Path, settings: Settings, tmp_path: Path) -> None:
    faster.write_text("100")

    with pytest.raises(PortTakenError, match=r"moto \(SageMaker\) did not start: "):
        start(settings, tmp_path)

    assert faster.read_text() == str(100 - STARTS)
    assert not state.load(settings.state).servers


def test_a_model_that_is_not_available_stops_what_was_started_meanwhile(
    faster: Path, settings: Settings, tmp_path: Path
) -> None:
    faster.write_text("0")
    own = replace(settings, environments=tmp_path / "environments")
    started: list[Server] = []

    def model() -> Path:
        started.extend(state.load(own.state).servers.values())
        raise CloudError("The model cannot be packaged.")

    with pytest.raises(CloudError, match="cannot be packaged"):
        Supervisor(own, Progress.silent()).up(model, "endpoint", [MOTO, ENDPOINT])

    assert [each.process.find() for each in started] == [None]
    assert not state.load(own.state).servers


def server(website: int) -> Server:
    return Server(Process(os.getpid(), psutil.Process().create_time(), ()), 1, "", website)


def test_the_website_keeps_the_port_it_had() -> None:
    free = ports.free()

    assert _website(1, server(free)) == free


def test_the_website_is_next_to_ministack_or_where_there_is_room() -> None:
    with socket.socket() as taken:
        taken.bind((ports.LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert _website(port - 1, server(port)) not in {0, port}
    assert _website(65535, None) > 0
