"""A server works once it answers, and one that does not start says why."""

import errno
import os
import sys
from pathlib import Path

import pytest

from local_aws import CloudError
from local_aws.errors import PortTakenError
from local_aws.servers import health, ports, processes, state

SERVER = """\
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    answers = 0
    def do_GET(self):
        Handler.answers += 1
        self.send_response(200 if Handler.answers > 2 and self.path == "/ready" else 503)
        self.end_headers()

HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def serve(code: str, where: Path) -> state.Server:
    port = ports.free()
    command = [sys.executable, "-c", code, str(port)]
    return state.Server(processes.start(command, os.environ, where / "log", where), port)


def test_it_is_waited_for_until_it_is_ready(tmp_path: Path) -> None:
    server = serve(SERVER, tmp_path)

    health.wait(server, "It", "/ready", tmp_path / "log", timeout=60)

    assert health.answers(server.url + "/ready")
    assert not health.answers(server.url + "/other")
    processes.stop_all([server.process])
    assert not health.answers(server.url + "/ready")


def test_one_that_ends_says_why(tmp_path: Path) -> None:
    server = serve("raise ValueError('no model')", tmp_path)

    with pytest.raises(CloudError, match=r"It did not start: ValueError: no model \(see .*log\)"):
        health.wait(server, "It", "/ready", tmp_path / "log", timeout=60)


@pytest.mark.parametrize(
    "said",
    [
        "OSError: [Errno 98] Address already in use",
        "error while attempting to bind on address ('127.0.0.1', 1): address already in use\nEnd.",
        "ERROR: 127.0.0.1:4566 is already in use. Is MiniStack already running?",
    ],
)
def test_one_whose_port_is_in_use_by_now_is_distinguished(said: str, tmp_path: Path) -> None:
    if "[Errno" in said:
        said = str(OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE)))
    server = serve(f"raise SystemExit({said!r})", tmp_path)

    with pytest.raises(PortTakenError, match="It did not start: "):
        health.wait(server, "It", "/ready", tmp_path / "log", timeout=60)


def test_one_that_never_gets_ready_is_given_up(tmp_path: Path) -> None:
    server = serve("import time; time.sleep(60)", tmp_path)

    with pytest.raises(CloudError, match="It was not ready after 0 s: see "):
        health.wait(
            server, "It", "/ready", tmp_path / "log", timeout=0.1
        )  # deadline: it is never ready

    processes.stop_all([server.process])
