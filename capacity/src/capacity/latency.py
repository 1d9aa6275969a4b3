"""How long it takes from a submission to its label, while nothing is overloaded."""

import math
from dataclasses import dataclass

import numpy as np

from capacity.model import Model
from capacity.service import SEED, Numbers, Service

DRAWS = 100_000
# Pictures of a batch: near enough.
EXACT = 1e-3


@dataclass(frozen=True)
class Latency:
    """The time from a submission to its label.

    Attributes:
        p50: The median, in seconds; infinite where a queue grows without end.
        p95: The 95th percentile, in seconds.
        batch: Pictures of a batch on average.
        refused: Share of the calls that the endpoint refuses, since it is busy.
    """

    p50: float
    p95: float
    batch: float
    refused: float


def latency(model: Model, rate: float) -> Latency:
    """Compute the time to a label from the distributions of its parts.

    A lane (one of a shard's parallel batches) is a server that takes all records that came while it
    was busy, up to BatchSize. A serverless endpoint refuses what finds no free place (Erlang's loss
    formula), and the stream delivers that again; on instances it waits (Erlang's delay formula).

    Args:
        model: The application in its account.
        rate: Pictures a second that are accepted.

    Returns:
        The time, from a fixed seed.
    """
    service, labeller, assumed = model.service, model.application.labeller, model.constants.assumed
    per_lane = rate / model.lanes
    pictures = batch_size(service, per_lane, labeller.batch)
    if (
        per_lane * service.seconds(labeller.batch) >= labeller.batch
        or rate * service.model >= model.slots
    ):
        return Latency(math.inf, math.inf, labeller.batch, 1.0)
    source = np.random.default_rng(SEED)
    poll = model.constants.behaviour["stream-poll-seconds"].value
    seconds = service.seconds(pictures)
    times = service.draw(source, assumed["submit-seconds"], DRAWS)
    times += source.uniform(0, poll, DRAWS) + source.uniform(0, 1, DRAWS) * labeller.window
    busy = min(1.0, per_lane * seconds / pictures)
    times += np.where(source.random(DRAWS) < busy, source.uniform(0, seconds, DRAWS), 0)
    times += _in_batch(service, source, pictures)
    times += _cold(model, source, rate)
    offered = rate * service.model
    if model.application.endpoint.serverless:
        refused = erlang_loss(offered, model.slots)
        times += _again(model, source, refused, seconds)
    else:
        refused = 0.0
        times += _queue(service, source, offered, model.slots)
    p50, p95 = np.percentile(times, [50, 95])
    return Latency(float(p50), float(p95), pictures, refused)


def batch_size(service: Service, per_lane: float, most: int) -> float:
    """Return how many records a lane finds on average when it becomes free.

    Args:
        service: The labeller's times.
        per_lane: Records a second of a lane.
        most: Records of a batch, at most.
    """
    pictures = 1.0
    for _ in range(100):
        found = min(float(most), max(1.0, per_lane * service.seconds(pictures)))
        if abs(found - pictures) < EXACT:
            break
        pictures += (found - pictures) / 2
    return pictures


def erlang_loss(offered: float, places: float) -> float:
    """Return the share of calls that find all places taken (Erlang B).

    Args:
        offered: Calls at once, on average, if none were refused.
        places: Places; between two whole numbers, the lower counts.
    """
    if not math.isfinite(places):
        return 0.0
    lost = 1.0
    for place in range(1, int(places) + 1):
        lost = offered * lost / (place + offered * lost)
    return lost


def erlang_delay(offered: float, places: float) -> float:
    """Return the share of calls that wait where none is refused (Erlang C).

    Args:
        offered: Calls at once, on average, fewer than places.
        places: Places; between two whole numbers, the lower counts.
    """
    lost, busy = erlang_loss(offered, places), offered / int(places)
    return lost / (1 - busy * (1 - lost))


def _queue(service: Service, source: np.random.Generator, offered: float, places: float) -> Numbers:
    """Draw how long calls wait for a place, by the formula of Allen and Cunneen."""
    mean = service.model * (1 + service.spread**2) / 2 / (places - offered)
    waits = source.random(DRAWS) < erlang_delay(offered, places)
    return np.where(waits, source.exponential(mean, DRAWS), 0.0)


def _in_batch(service: Service, source: np.random.Generator, pictures: float) -> Numbers:
    """Draw when a picture of a batch is done, counted from the batch's beginning."""
    rounds = max(1.0, pictures / service.threads)
    whole = service.picture + service.model
    before = np.floor(source.uniform(0, rounds, DRAWS)) * whole
    return (
        before
        + service.draw(source, service.picture, DRAWS)
        + service.draw(source, service.model, DRAWS)
    )


def _cold(model: Model, source: np.random.Generator, rate: float) -> Numbers:
    """Draw what starts cost, where nothing came for long enough before."""
    assumed, endpoint = model.constants.assumed, model.application.endpoint
    starts = 2 * assumed["function-start-seconds"]
    if endpoint.serverless and not endpoint.provisioned:
        starts += assumed["endpoint-start-seconds"]
    idle = math.exp(-rate * assumed["warm-seconds"])
    return np.where(source.random(DRAWS) < idle, starts, 0.0)


def _again(model: Model, source: np.random.Generator, refused: float, seconds: float) -> Numbers:
    """Draw what the calls cost that the endpoint refuses: deliveries again, and then the sweep."""
    labeller, sweep = model.application.labeller, model.application.sweep
    if refused <= 0:
        return np.zeros(DRAWS)
    attempts = source.geometric(1 - min(refused, 0.999), DRAWS) - 1
    pause = model.constants.behaviour["stream-retry-seconds"].value + seconds
    swept = attempts > labeller.retries
    again = np.minimum(attempts, labeller.retries) * pause
    return again + np.where(swept, sweep.after + source.uniform(0, sweep.every, DRAWS), 0.0)
