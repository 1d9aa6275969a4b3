"""The inference endpoint against a bare loop of decoding and ONNX Runtime."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager

from benchmark import pictures
from benchmark.application import Application
from benchmark.bare import BareProcesses, processors
from benchmark.endpoint_client import Callers
from benchmark.options import Sizes
from benchmark.parts.part import Measure, Samples

# Requests that are made before it is the other's turn.
TURN = 2


@contextmanager
def endpoint(application: Application, sizes: Sizes) -> Iterator[Measure]:
    """Measure throughput with every processor busy, and latency of one caller back to back.

    Args:
        application: What is measured.
        sizes: How much.
    """
    album = pictures.album(pictures.SMALL)
    python, model = application.server()
    with BareProcesses(python, model, album) as bare:

        def measure() -> Samples:
            before_rate, before_processor = bare.during(sizes.seconds / 2)
            # Twice as many as are classified at once, so that the next picture always waits.
            with Callers(application, 2 * processors()) as callers:
                used = application.processor()
                through = callers.during(album, sizes.seconds)
                used = application.processor() - used
            after_rate, after_processor = bare.during(sizes.seconds / 2)
            alone, asked = [], []
            with Callers(application, 1) as caller:
                for _ in range(sizes.requests // TURN):
                    alone += bare.one_by_one(TURN)
                    asked += caller.one_by_one(album, TURN)
            return {
                "endpoint.rate": through.rate,
                "endpoint.bare_rate": (before_rate + after_rate) / 2,
                "endpoint.processor": used.endpoint / through.count,
                "endpoint.bare_processor": (before_processor + after_processor) / 2,
                "endpoint.p50": statistics.median(asked),
                "endpoint.bare_p50": statistics.median(alone),
            }

        yield measure
