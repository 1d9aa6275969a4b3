"""How long it takes until what an outage of the endpoint left behind is labelled."""

import math
from dataclasses import dataclass

from capacity.limits import Lever, Limit, limits, stores, stream
from capacity.load import Load
from capacity.model import Model

MINUTE = 60


@dataclass(frozen=True)
class Drain:
    """What becomes of a backlog.

    Attributes:
        pictures: How many wait when the endpoint is back, or after the burst.
        swept: How many of them the stream has given up, so that the sweep sends them again.
        seconds: How long until the last is labelled; infinite where more come than are labelled.
        a_second: How many of the swept ones are labelled in a second, or of all where none is.
        bound: What allows no more of them.
        given_up: Whether some wait for longer than GiveUpAfterHours, and fail.
    """

    pictures: float
    swept: float
    seconds: float
    a_second: float
    bound: str
    given_up: bool


def accepted(model: Model, rate: float) -> float:
    """Return how many of the pictures that come the API accepts in a second.

    What it refuses costs nothing further on.
    """
    return throughput([each for each in limits(model) if each.refuses], rate)


def throughput(found: list[Limit], rate: float) -> float:
    """Return how many of the pictures that come are labelled in a second."""
    return min([rate, *(each.pictures for each in found)])


def recovery(model: Model, accepted: float, *, swept: bool) -> list[Limit]:
    """Return everything that limits how fast a backlog drains, the first bottleneck first.

    Pictures that come meanwhile take their part first, and a picture that waits in the stream needs
    no further submission, and, unless the stream has given it up, no sweep.

    Args:
        model: The application in its account.
        accepted: Pictures a second that are accepted meanwhile.
        swept: Whether the sweep sends those of the backlog again.
    """
    whole = stream(model)
    found = [
        Limit("stream", whole.title, whole.pictures - accepted, page=whole.page),
        Limit("endpoint", "the endpoint's places", model.slots / model.service.model - accepted),
        Limit(
            "executions",
            "the account's concurrent executions",
            model.executions.left(accepted, swept=swept),
        ),
    ]
    found += [
        Limit(limit.kind, limit.title, share.left(accepted, swept=swept), page=limit.page)
        for share, limit in stores(model)
    ]
    if swept:
        found += _sweep(model)
    return sorted(found, key=lambda each: each.pictures)


def _sweep(model: Model) -> list[Limit]:
    sweep = model.application.sweep
    lever = Lever(
        "invoke_labeller", "SweepLimit", sweep.limit, lambda rate: math.ceil(rate * sweep.every)
    )
    return [
        Limit(
            "sweep",
            f"the sweep: {sweep.limit:,} pictures every {sweep.every / MINUTE:g} min",
            sweep.limit / sweep.every,
            lever,
        ),
        Limit("sweep", "the sweep's threads and processor", 1 / model.touch),
    ]


def of_burst(model: Model, load: Load, accepted: float) -> Drain:
    """Compute how long a burst is noticed.

    Args:
        model: The application in its account.
        load: What comes in.
        accepted: Pictures a second that are accepted besides the burst.
    """
    admitted = min(load.burst, model.application.submit.burst)
    first = recovery(model, accepted, swept=False)[0]
    return Drain(
        admitted,
        0,
        _over(admitted, first.pictures),
        max(0.0, first.pictures),
        first.title,
        given_up=False,
    )


def of_outage(model: Model, load: Load, accepted: float) -> Drain:
    """Compute how long an outage is noticed.

    While the endpoint fails, each batch is delivered until its retries are used up, then the stream
    goes on and leaves its pictures to the sweep. What it did not come to is in the stream yet.

    Args:
        model: The application in its account.
        load: What comes in.
        accepted: Pictures a second that are accepted.
    """
    sweep = model.application.sweep
    given_up_by_stream = min(accepted, _given_up(model, accepted))
    swept = given_up_by_stream * load.outage
    queued = (accepted - given_up_by_stream) * load.outage
    spare = recovery(model, accepted, swept=False)[0].pictures
    first = recovery(model, accepted, swept=True)[0]
    # A picture waits for its next attempt, which is later after each, and for the next run.
    wait = min(max(sweep.after, load.outage), sweep.longest) + sweep.every if swept else 0
    seconds = max(_over(queued, spare), _over(swept, first.pictures) + wait)
    return Drain(
        swept + queued,
        swept,
        seconds,
        max(0.0, first.pictures),
        first.title,
        given_up=load.outage + seconds > sweep.give_up,
    )


def _given_up(model: Model, accepted: float) -> float:
    """Return how many pictures a second the stream gives up, at most, while every call fails."""
    labeller, service = model.application.labeller, model.service
    pause = model.constants.behaviour["stream-retry-seconds"].value
    # A call that fails takes what the labeller does besides the model.
    pictures = min(labeller.batch, max(1.0, accepted / model.lanes))
    failing = service.batch + service.picture * math.ceil(pictures / labeller.threads)
    deliveries = labeller.retries + 1
    per_lane = labeller.batch / (deliveries * failing + labeller.retries * pause)
    return per_lane * model.lanes


def _over(pictures: float, a_second: float) -> float:
    if pictures <= 0:
        return 0.0
    return pictures / a_second if a_second > 0 else math.inf
