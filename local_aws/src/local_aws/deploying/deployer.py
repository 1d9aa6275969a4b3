"""Deploys components, each in a fork of one process in which the SAM CLI is loaded.

Loading the SAM CLI takes longer than a deployment. So this loads it once, and then forks for each
request: the fork takes over the request's directory, environment and output, and runs the
component's own `deploy` there, as `python -m deploy` would.

The Python of the shared environment of tools runs this file, and does not have this package:
nothing of it is imported here. It ends when its standard input does, which is when whoever started
it ends.
"""

import gc
import importlib
import json
import logging
import os
import runpy
import select
import shutil
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import boto3
import botocore.session

# What `sam deploy` imports only when it is called.
MODULES = (
    "boto3.s3.inject",
    "samcli.cli.main",
    "samcli.commands.deploy.code_signer_utils",
    "samcli.commands.deploy.command",
    "samcli.commands.deploy.deploy_context",
    "samcli.commands.deploy.guided_context",
    "samcli.commands.package.package_context",
    "samtranslator.plugins.api.implicit_http_api_plugin",
    "samtranslator.plugins.api.implicit_rest_api_plugin",
)
# What a deployment asks, and of which botocore reads a description first.
SERVICES = ("cloudformation", "s3", "sts")
DESCRIPTIONS = ("service-2", "endpoint-rule-set-1", "paginators-1", "waiters-2")
FAILED = 1
LENGTH = 4  # bytes of a request that say how long the rest is


def load() -> None:
    """Load what every deployment needs."""
    # Nothing of it ever becomes garbage, and a fork ends before its own is worth a search.
    gc.disable()
    for name in MODULES:
        importlib.import_module(name)
    # The SAM CLI has everything logged; for botocore it takes that back, but only when it runs.
    logging.getLogger("botocore").propagate = False
    session = botocore.session.get_session()
    loader = session.get_component("data_loader")
    for service in SERVICES:
        for description in DESCRIPTIONS:
            if service in loader.list_available_services(description):
                loader.load_service_model(service, description)
    boto3.setup_default_session(botocore_session=session)


def serve(listener: socket.socket) -> None:
    """Fork for each request, until standard input ends; then remove the socket's directory.

    Args:
        listener: Where requests come.
    """
    # Nobody waits for the forks: what became of one, it says itself.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            shutil.rmtree(Path(listener.getsockname()).parent, ignore_errors=True)
            return
        connection, _ = listener.accept()
        with connection:
            if os.fork() == 0:
                listener.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                try:
                    status = deploy(connection)
                    connection.sendall(bytes([status]))
                finally:
                    # What the server would do at its own end is not for a fork to do.
                    os._exit(FAILED)


def deploy(connection: socket.socket) -> int:
    """Run a component's `deploy` as the request says.

    Args:
        connection: From it, the length of the request with the standard output and the standard
            error of whoever asks, and the request: his directory and environment.

    Returns:
        The exit status.
    """
    length, files, _, _ = socket.recv_fds(connection, LENGTH, 2)
    with connection.makefile("rb") as stream:
        request = json.loads(stream.read(int.from_bytes(length)))
    # Its own standard input says when the server ends.
    for standard, file in enumerate([os.open(os.devnull, os.O_RDONLY), *files]):
        os.dup2(file, standard)
        os.close(file)
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.chdir(request["directory"])
    threading.Thread(target=_end_with, args=(connection,), daemon=True).start()
    sys.path.insert(0, request["directory"])
    status: object = FAILED
    try:
        runpy.run_module("deploy", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        status = end.code
    except BaseException:  # noqa: BLE001 # as Python itself ends a program
        sys.excepthook(*sys.exc_info())
    sys.stdout.flush()
    sys.stderr.flush()
    return status if isinstance(status, int) else int(status is not None)


def _end_with(connection: socket.socket) -> None:
    """End this process when whoever asked is gone."""
    connection.recv(1)
    os._exit(FAILED)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as listening:
        load()
        serve(listening)
