"""A scripted classifier, and a server around it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import numpy as np
import uvicorn
from numpy.typing import NDArray
from starlette.applications import Starlette

from sagemaker_endpoint.server.app import create_app
from sagemaker_endpoint.server.model import Classifies, Model
from sagemaker_endpoint.server.serve import configuration, listen

ENDPOINT = "TestEndpoint"


class FakeClassifier:
    """Gives the same two probabilities for everything, or does what it was made with."""

    labels = ("cat", "dog")

    def __init__(
        self,
        behaviour: Callable[[], object] = lambda: None,
        probabilities: tuple[float, float] = (0.25, 0.75),
    ) -> None:
        self._behaviour = behaviour
        self._probabilities = np.array(probabilities, np.float32)
        self.images: list[bytes] = []

    def classify(self, data: bytes, /) -> NDArray[np.float32]:
        self.images.append(data)
        self._behaviour()
        return self._probabilities


@contextmanager
def served(
    load: Callable[[], Classifies], *, workers: int = 1, queue: int = 8
) -> Iterator[tuple[str, Model]]:
    """Runs a server in a thread.

    Yields:
        Its URL, which answers, and its model, which may not be loaded yet.
    """
    model = Model(load, workers=workers, queue=queue)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        loading = asyncio.create_task(model.start())
        yield
        with suppress(Exception):
            await loading

    app = create_app(model, ENDPOINT, lifespan)
    server = uvicorn.Server(configuration(app))
    listener = listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield "http://{}:{}".format(*listener.getsockname()), model
    finally:
        server.should_exit = True
        thread.join(60)
        listener.close()
        model.close()
