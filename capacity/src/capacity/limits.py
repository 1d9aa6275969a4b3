"""What limits the pictures a second: one by one, and the first of them."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from capacity.constants import Constant
from capacity.model import Model, Share

# A stage that is busier than this has queues that grow with every fluctuation.
USED_AT_MOST = 0.7
# A day's mean fluctuates less.
OF_A_DAY = 0.8
DAY = 86_400


@dataclass(frozen=True)
class Lever:
    """What lifts a limit.

    Attributes:
        where: The component, or the service whose quota it is.
        name: The parameter, or the quota.
        now: Its present value.
        needed: The value at which a number of pictures a second uses no more than USED_AT_MOST.
        most: The highest value that AWS allows; infinite where it is not known.
        constant: The quota, where it is one.
    """

    where: str
    name: str
    now: float
    needed: Callable[[float], float]
    most: float = math.inf
    constant: Constant | None = None


@dataclass(frozen=True)
class Limit:
    """What limits.

    Attributes:
        kind: Where it is: `api`, `executions`, `table` (and its indexes), `bucket`, `stream`,
            `endpoint` or `sweep`.
        title: What it is.
        pictures: How many pictures a second it lets through.
        lever: What lifts it; None where nothing does.
        page: Where AWS documents it.
        refuses: Whether it refuses submissions, which then need nothing else.
    """

    kind: str
    title: str
    pictures: float
    lever: Lever | None = None
    page: str = ""
    refuses: bool = False


def limits(model: Model) -> list[Limit]:
    """Return everything that limits, the first bottleneck first."""
    found = [
        *_apis(model),
        *_functions(model),
        stream(model),
        *_endpoint(model),
        *_stores(model),
    ]
    return sorted(found, key=lambda each: each.pictures)


def stream(model: Model) -> Limit:
    """Return what the stream's batches let through."""
    labeller, service = model.application.labeller, model.service
    each = labeller.batch / service.seconds(labeller.batch)
    factor = model.constants.limits["stream-factor"]
    shards = model.shards
    lever = Lever(
        "invoke_labeller",
        "ParallelizationFactor",
        labeller.factor,
        lambda rate: math.ceil(rate / USED_AT_MOST / each / shards),
        most=factor.value,
    )
    title = (
        f"the stream: {shards} shards x factor {labeller.factor}, "
        f"batches of {labeller.batch} on {labeller.threads} threads"
    )
    return Limit("stream", title, model.lanes * each, lever, factor.page)


def _apis(model: Model) -> Iterator[Limit]:
    submit, look_up = model.application.submit, model.application.look_up
    look_ups = model.constants.assumed["look-ups"]
    yield Limit(
        "api",
        "submissions that the API accepts",
        submit.rate,
        Lever("submit_image", "ThrottlingRateLimit", submit.rate, _headroom(1)),
        refuses=True,
    )
    yield Limit(
        "api",
        "API Gateway's requests in the region",
        model.quota("api-rate") / (1 + look_ups),
        _raise(model, "api-rate", 1 + look_ups),
        model.constants.limits["api-rate"].page,
        refuses=True,
    )
    if look_ups:
        yield Limit(
            "look-ups",
            "look-ups that the API accepts",
            look_up.rate / look_ups,
            Lever("get_image_label", "ThrottlingRateLimit", look_up.rate, _headroom(look_ups)),
        )
    if math.isfinite(submit.quota):
        yield Limit(
            "api",
            "requests a day of the API key",
            submit.quota / DAY,
            Lever(
                "submit_image",
                "DailyQuota",
                submit.quota,
                lambda rate: math.ceil(rate * DAY / OF_A_DAY),
            ),
            refuses=True,
        )


def _functions(model: Model) -> Iterator[Limit]:
    submit, look_up = model.application.submit, model.application.look_up
    assumed = model.constants.assumed
    share, besides = model.executions, model.reserved + model.sweeping
    yield Limit(
        "executions",
        "the account's concurrent executions",
        share.pictures,
        _raise(model, "lambda-concurrency", share.picture, besides),
        model.constants.limits["lambda-concurrency"].page,
    )
    looked_up = assumed["look-ups"] * assumed["look-up-seconds"]
    for kind, title, name, reserved, seconds in (
        (
            "executions",
            "executions reserved for SubmitImage",
            "submit_image",
            submit.function.reserved,
            assumed["submit-seconds"],
        ),
        (
            "look-ups",
            "executions reserved for GetImageLabel",
            "get_image_label",
            look_up.function.reserved,
            looked_up,
        ),
    ):
        if math.isfinite(reserved) and seconds:
            lever = Lever(name, "ReservedConcurrentExecutions", reserved, _headroom(seconds))
            yield Limit(kind, title, reserved / seconds, lever)


def _endpoint(model: Model) -> Iterator[Limit]:
    endpoint, seconds = model.application.endpoint, model.service.model
    known = model.constants.limits
    if not endpoint.serverless:
        each = model.constants.instances[endpoint.instance].processors / seconds
        yield Limit(
            "endpoint",
            f"{endpoint.most} instances {endpoint.instance} of the endpoint",
            endpoint.most * each,
            Lever(
                "sagemaker_endpoint",
                "MaxCapacity",
                endpoint.most,
                lambda rate: math.ceil(rate / USED_AT_MOST / each),
            ),
        )
        yield Limit(
            "endpoint",
            f"the account's instances {endpoint.instance}",
            model.quota("instances") * each,
            _raise(model, "instances", 1 / each),
            known["instances"].page,
        )
        return
    most = known["serverless-endpoint-concurrency"]
    yield Limit(
        "endpoint",
        "the serverless endpoint's MaxConcurrency",
        endpoint.concurrency / seconds,
        Lever(
            "sagemaker_endpoint",
            "MaxConcurrency",
            endpoint.concurrency,
            _headroom(seconds),
            most=most.value,
        ),
        most.page,
    )
    yield Limit(
        "endpoint",
        "the account's serverless concurrency",
        model.quota("serverless-concurrency") / seconds,
        # CloudFormation creates a changed endpoint before it deletes the old one.
        _raise(model, "serverless-concurrency", 2 * seconds),
        known["serverless-concurrency"].page,
    )


def stores(model: Model) -> Iterator[tuple[Share, Limit]]:
    """Yield what of the table and its index is shared, and what that limits."""
    known, shards = model.constants.limits, model.application.table.index_shards
    new, quota, partition = (
        known[name] for name in ("table-new-writes", "table-quota", "partition-writes")
    )
    table, index = model.table_share, model.index_share
    share = table(model.table_writes)
    lever = Lever("dynamodb_infra", "WarmWriteUnits", share.available, _headroom(share.picture))
    yield share, Limit("table", "the table's warm throughput", share.pictures, lever, new.page)
    share = index(model.index_writes)
    needed = _headroom(share.picture)
    lever = Lever("dynamodb_infra", "IndexWarmWriteUnits", share.available, needed)
    yield share, Limit("table", "the index's warm throughput", share.pictures, lever, new.page)
    share = table(model.quota("table-quota"))
    lever = _raise(model, "table-quota", share.picture)
    title = "the quota of the table's writes"
    yield share, Limit("table", title, share.pictures, lever, quota.page)
    share = index(model.partition_writes)
    title = f"the {shards} partition keys of the index of pending rows"
    yield share, Limit("table", title, share.pictures, page=partition.page)


def _stores(model: Model) -> Iterator[Limit]:
    yield from (limit for _, limit in stores(model))
    for key, what in (("bucket-puts", "PUT"), ("bucket-gets", "GET")):
        constant = model.constants.limits[key]
        title = f"S3's {what} requests of a prefix"
        yield Limit("bucket", title, constant.value, page=constant.page)


def _raise(model: Model, key: str, per_picture: float, besides: float = 0) -> Lever:
    constant = model.constants.limits[key]
    needed = _headroom(per_picture)
    return Lever(
        constant.service,
        constant.name,
        constant.of(model.account),
        lambda rate: math.ceil(besides) + needed(rate),
        constant=constant,
    )


def _headroom(per_picture: float) -> Callable[[float], float]:
    """Return what computes the units that a rate needs, used at most to USED_AT_MOST."""
    return lambda rate: math.ceil(rate * per_picture / USED_AT_MOST)
