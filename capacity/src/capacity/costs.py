"""What pictures cost, and what the application costs while nothing comes."""

import math
from dataclasses import dataclass

from capacity.constants import Constants
from capacity.latency import batch_size
from capacity.limits import USED_AT_MOST
from capacity.model import Model

MILLION = 1_000_000
HOURS = 730
GIGABYTE = 1e9
MEGABYTES = 1024
MINUTES = 60 * HOURS
# The sweep's custom metrics, which are there while nothing else is.
METRICS_OF_SWEEP = 3
SWEEP_SECONDS = 0.5


@dataclass(frozen=True)
class Costs:
    """Dollars.

    Attributes:
        million: By service, what a million pictures cost.
        low: All of it, with each time and size at its lower end.
        high: All of it, at the upper end.
        idle: By what it is for, what a month costs in which nothing comes.
    """

    million: dict[str, float]
    low: float
    high: float
    idle: dict[str, float]


def costs(model: Model, rate: float) -> Costs:
    """Compute the costs in us-east-1.

    Args:
        model: The application.
        rate: Pictures a second, which says how well batches and instances are used.
    """
    constants = model.constants
    ends = [Model(model.application, _at(constants, end), model.account) for end in ("low", "high")]
    low, high = (sum(_million(each, rate).values()) for each in ends)
    return Costs(_million(model, rate), low, high, _idle(model))


def instances(model: Model, rate: float) -> int:
    """Return how many instances run at a rate, between those that always do and the most."""
    endpoint = model.application.endpoint
    processors = model.constants.instances[endpoint.instance].processors
    by_load = rate * model.service.model / processors / USED_AT_MOST
    by_target = rate * 60 / endpoint.target
    return int(min(endpoint.most, max(endpoint.least, math.ceil(max(by_load, by_target)))))


def _at(constants: Constants, end: str) -> Constants:
    return constants.assuming(
        {key: getattr(each, end) for key, each in constants.assumptions.items()}
    )


def _million(model: Model, rate: float) -> dict[str, float]:
    application, constants = model.application, model.constants
    assumed, price = constants.assumed, constants.price
    service = model.service
    batch = batch_size(service, rate / model.lanes, application.labeller.batch)
    endpoint = application.endpoint
    seconds = {
        "submit": (application.submit.function, assumed["submit-seconds"]),
        "look up": (application.look_up.function, assumed["look-ups"] * assumed["look-up-seconds"]),
        "label": (application.labeller.function, service.seconds(batch) / batch),
    }
    compute = sum(
        each.memory
        / MEGABYTES
        * busy
        * price["lambda-gb-second-arm" if each.arm else "lambda-gb-second"]
        for each, busy in seconds.values()
    )
    if endpoint.serverless:
        model_costs = endpoint.memory / MEGABYTES * service.model * price["serverless-gb-second"]
    else:
        further = instances(model, rate) - endpoint.least
        hour = constants.instances[endpoint.instance].hour
        model_costs = further * hour / 3600 / rate
    kept = assumed["picture-bytes"] / GIGABYTE * assumed["kept-days"] / (HOURS / 24)
    calls = 1 + assumed["look-ups"]
    each = {
        "model endpoint": model_costs,
        "Lambda": compute + (calls + 1 / batch) * price["lambda-request"],
        "API Gateway": calls * price["api-request"],
        "DynamoDB": (assumed["table-writes"] + assumed["index-writes"]) * price["table-write"]
        + (assumed["table-reads"]) * price["table-read"],
        "S3": price["bucket-put"] + price["bucket-get"] + kept * price["bucket-gb-month"],
        "logs and traces": assumed["log-bytes"] / GIGABYTE * price["log-gb"]
        + (calls + 1 / batch) * price["trace"],
    }
    return {name: MILLION * dollars for name, dollars in each.items()}


def _idle(model: Model) -> dict[str, float]:
    application, price = model.application, model.constants.price
    endpoint = application.endpoint
    runs = MINUTES * 60 / application.sweep.every
    found = {
        "alarms": application.alarms * price["alarm-month"],
        "metrics of the sweep": METRICS_OF_SWEEP * price["metric-month"],
        "key of the alarms' topic": price["key-month"],
        "the sweep": runs
        * (
            price["lambda-request"]
            + application.sweep.memory / MEGABYTES * SWEEP_SECONDS * price["lambda-gb-second"]
            + application.table.index_shards * 0.5 * price["table-read"]
        ),
    }
    if not endpoint.serverless:
        hour = model.constants.instances[endpoint.instance].hour
        found[f"{endpoint.least} instances that always run"] = endpoint.least * hour * HOURS
    return found
