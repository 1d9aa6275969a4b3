"""How long it takes until what an outage of the endpoint left behind is labelled."""

import math
from dataclasses import dataclass

from capacity.limits import Limit, Model
from capacity.load import Load


@dataclass(frozen=True)
class Drain:
    """What becomes of a backlog.

    Attributes:
        pictures: How many wait when the endpoint is back, or after the burst.
        swept: How many of them the stream has given up, so that the sweep sends them again.
        seconds: How long until the last is labelled; infinite where more come than are labelled.
        a_second: How many of the swept ones are sent again in a second.
        given_up: Whether some wait for longer than GiveUpAfterHours, and fail.
    """

    pictures: float
    swept: float
    seconds: float
    a_second: float
    given_up: bool


def throughput(limits: list[Limit], rate: float) -> float:
    """Return how many of the pictures that come are labelled in a second."""
    return min([rate, *(each.pictures for each in limits)])


def labelling(model: Model) -> float:
    """Return how many pictures a second are labelled at most, however they came."""
    stream = next(each.pictures for each in model.limits() if each.title.startswith("the stream"))
    places = model.slots / model.service.model
    return min(stream, places, model.table_writes / model.constants.assumed["table-writes"])


def of_burst(model: Model, load: Load, accepted: float) -> Drain:
    """Compute how long a burst is noticed.

    Args:
        model: The application in its account.
        load: What comes in.
        accepted: Pictures a second that are accepted besides the burst.
    """
    admitted = min(load.burst, model.application.submit.burst)
    spare = labelling(model) - accepted
    return Drain(admitted, 0, _over(admitted, spare), spare, given_up=False)


def of_outage(model: Model, load: Load, accepted: float) -> Drain:
    """Compute how long an outage is noticed.

    While the endpoint fails, each batch is delivered until its retries are used up, then the stream
    goes on and leaves its pictures to the sweep. What it did not come to is in the stream yet.

    Args:
        model: The application in its account.
        load: What comes in.
        accepted: Pictures a second that are accepted.
    """
    application, behaviour = model.application, model.constants.behaviour
    labeller, sweep = application.labeller, application.sweep
    pause = behaviour["stream-retry-seconds"].value
    # A call that fails takes what the labeller does besides the model.
    pictures = min(labeller.batch, max(1.0, accepted / model.lanes))
    failing = model.service.batch + model.service.picture * math.ceil(pictures / labeller.threads)
    per_lane = labeller.batch / ((labeller.retries + 1) * failing + labeller.retries * pause)
    given_up_by_stream = min(accepted, per_lane * model.lanes)
    swept = given_up_by_stream * load.outage
    queued = (accepted - given_up_by_stream) * load.outage
    spare = labelling(model) - accepted
    again = max(0.0, min(sweep.limit / sweep.every, spare))
    # A picture waits for its next attempt, which is later after each, and for the next run.
    wait = min(max(sweep.after, load.outage), sweep.longest) + sweep.every if swept else 0
    seconds = max(_over(queued, spare), _over(swept, again) + wait)
    return Drain(
        swept + queued, swept, seconds, again, given_up=load.outage + seconds > sweep.give_up
    )


def _over(pictures: float, a_second: float) -> float:
    if pictures <= 0:
        return 0.0
    return pictures / a_second if a_second > 0 else math.inf
