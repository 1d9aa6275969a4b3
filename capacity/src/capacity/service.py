"""How long the labeller takes: for one picture, and for a batch on its threads."""

import heapq
import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from capacity.application import Application
from capacity.constants import Constants

# Lambda gives a function one whole processor at this memory.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
MEGABYTES_PER_PROCESSOR = 1769
# The mean of a batch is taken of so many, drawn by a fixed seed.
DRAWS = 400
SEED = 20261127

type Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Service:
    """The times of one application.

    Attributes:
        picture: Seconds of a picture in the labeller without the model.
        model: Seconds of the model.
        cpu: Processor seconds of a picture in the labeller.
        batch: Seconds of a batch besides its pictures.
        spread: Coefficient of variation of a time.
        threads: Pictures of a batch at once.
        processors: Processors of the labeller.
    """

    picture: float
    model: float
    cpu: float
    batch: float
    spread: float
    threads: int
    processors: float

    @classmethod
    def of(cls, application: Application, constants: Constants) -> "Service":
        """Return the times that are assumed of an application."""
        assumed = constants.assumed
        instance = assumed["instance-cpu-seconds"]
        return cls(
            picture=assumed["label-seconds"],
            model=assumed["model-seconds"] if application.endpoint.serverless else instance,
            cpu=assumed["label-cpu-seconds"],
            batch=assumed["batch-seconds"],
            spread=assumed["spread"],
            threads=application.labeller.threads,
            processors=application.labeller.function.memory / MEGABYTES_PER_PROCESSOR,
        )

    def seconds(self, pictures: float) -> float:
        """Return the mean time of a batch.

        Args:
            pictures: How many it holds; between two whole numbers, the time is interpolated.
        """
        low = max(1, math.floor(pictures))
        share = max(0.0, pictures - low)
        one = self._whole(low)
        return one if share == 0 else one + share * (self._whole(low + 1) - one)

    def _whole(self, pictures: int) -> float:
        return _batch_seconds(self, pictures)

    @cached_property
    def deviation(self) -> float:
        """The parameter sigma of the log-normal distribution with this spread."""
        return math.sqrt(math.log1p(self.spread**2))

    def draw(
        self, random: np.random.Generator, mean: float, size: int | tuple[int, ...]
    ) -> Numbers:
        """Draw times from a log-normal distribution.

        Args:
            random: The source of randomness.
            mean: Their mean, in seconds.
            size: How many.
        """
        if mean == 0 or self.spread == 0:
            return np.full(size, mean)
        sigma = self.deviation
        return random.lognormal(math.log(mean) - sigma * sigma / 2, sigma, size)


@lru_cache(maxsize=4096)
def _batch_seconds(service: Service, pictures: int) -> float:
    random = np.random.default_rng(SEED)
    whole = service.picture + service.model
    threads = min(service.threads, pictures)
    if pictures > 20 * threads:
        # Long enough for the threads to be busy all the time but for the last picture of each.
        computed = whole * (pictures / threads + 0.5)
    else:
        times = service.draw(random, whole, (DRAWS, pictures))
        computed = float(np.mean([_makespan(each, threads) for each in times.tolist()]))
    return service.batch + max(computed, pictures * service.cpu / service.processors)


def _makespan(times: list[float], threads: int) -> float:
    """Return when the last of some jobs ends that threads take in turn."""
    free = [0.0] * threads
    for each in times:
        heapq.heappush(free, heapq.heappop(free) + each)
    return max(free)
