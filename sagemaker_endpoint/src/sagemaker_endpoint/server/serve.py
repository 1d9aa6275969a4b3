"""Runs the server until a signal stops it."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from sagemaker_endpoint.errors import ServerError
from sagemaker_endpoint.server.app import create_app
from sagemaker_endpoint.server.model import Classifies, Model

# SageMaker kills a container 30 s after asking it to stop.
GRACE_SECONDS = 25
# As long as a Lambda function usually keeps its connections between two batches.
IDLE_SECONDS = 75

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """How to serve.

    Attributes:
        model: Model package: a directory or a model.tar.gz.
        host: Address to listen on.
        port: Port to listen on; 0 for any that is free.
        endpoint_name: Name of the endpoint that the runtime API's route answers for.
        workers: Images that are classified at once.
        queue: Requests that may wait.
    """

    model: Path
    host: str = "127.0.0.1"
    port: int = 8080
    endpoint_name: str = "open-devops-image-labeller"
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    queue: int = 32


def serve(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT, then answers what is under way.

    Raises:
        PackageError: The model package cannot be served.
        ServerError: The port is taken, or the address is not this machine's.
    """
    logging.basicConfig(
        level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s"
    )
    listener = listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    log.info("Listening on http://%s:%s, endpoint %s", host, port, settings.endpoint_name)
    model = Model(partial(load, settings), workers=settings.workers, queue=settings.queue)
    failures: list[Exception] = []

    async def start() -> None:
        try:
            await model.start()
            log.info("Serving, %s images at once", settings.workers)
        except Exception as error:  # noqa: BLE001 (without a model there is nothing to serve)
            failures.append(error)
            server.should_exit = True

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        starting = asyncio.create_task(start())
        yield
        await starting
        model.close()

    app = create_app(model, settings.endpoint_name, lifespan)
    server = uvicorn.Server(configuration(app))
    # uvicorn passes the signal on once it has stopped: to nothing, so that the exit code is 0.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    with listener:
        server.run(sockets=[listener])
    if failures:
        raise failures[0]
    log.info("Stopped")


def configuration(app: ASGIApp) -> uvicorn.Config:
    """How the application is served.

    uvloop sends a response's head and body in one segment. asyncio sends them in two and leaves
    Nagle's algorithm on, so that the body waits for the acknowledgement of the head, which clients
    delay by 40 ms.

    Args:
        app: What answers.
    """
    return uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        log_level=logging.WARNING,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def load(settings: Settings) -> Classifies:
    """Loads the model.

    Raises:
        PackageError: The model package cannot be served.
    """
    # Imported here so that /ping answers while ONNX Runtime is still being loaded.
    from sagemaker_endpoint.classifier import Classifier  # noqa: PLC0415
    from sagemaker_endpoint.package import load as load_package  # noqa: PLC0415

    classifier = Classifier(load_package(settings.model))
    model = classifier.description
    log.info("Loaded %s %s from %s", model.name, model.version, settings.model)
    return classifier


def listen(host: str, port: int) -> socket.socket:
    """Opens the socket.

    Raises:
        ServerError: It cannot be opened; the message says why.
    """
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as error:
        # What create_server says after the reason repeats the address.
        reason = str(error.strerror or error).partition(" (")[0]
        raise ServerError(f"Cannot listen on {host}:{port}: {reason}.") from error
