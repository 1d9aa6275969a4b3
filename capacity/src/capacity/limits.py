"""What limits the pictures a second: one by one, and the first of them."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from capacity.application import Application
from capacity.constants import Constant, Constants
from capacity.service import Service

# A stage that is busier than this has queues that grow with every fluctuation.
USED_AT_MOST = 0.7
# A day's mean fluctuates less.
OF_A_DAY = 0.8


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
        title: What it is.
        pictures: How many pictures a second it lets through.
        lever: What lifts it; None where nothing does.
        page: Where AWS documents it.
        refuses: Whether it refuses submissions, which then need nothing else.
    """

    title: str
    pictures: float
    lever: Lever | None = None
    page: str = ""
    refuses: bool = False


@dataclass(frozen=True)
class Model:
    """The application in an account, as the limits see it.

    Attributes:
        application: The application.
        constants: The constants.
        account: Whose quotas hold.
    """

    application: Application
    constants: Constants
    account: str

    @property
    def service(self) -> Service:
        """The labeller's times."""
        return Service.of(self.application, self.constants)

    def quota(self, key: str) -> float:
        """Return a quota's value in this account; infinite if it is raised as far as needed."""
        constant = self.constants.limits[key]
        if self.account == "raised":
            return math.inf if constant.adjustable else constant.value
        return constant.of(self.account)

    @property
    def shards(self) -> int:
        """Shards of the stream: one for each partition of the table."""
        least = self.constants.behaviour["shards-at-least"].value
        partition = self.constants.limits["partition-writes"].value
        return int(max(least, math.ceil(self.application.table.writes / partition)))

    @property
    def batches(self) -> int:
        """Batches that the stream would have labelled at once, at most."""
        return self.shards * self.application.labeller.factor

    @property
    def lanes(self) -> float:
        """Batches that are labelled at once, at most, since each takes an execution."""
        return min(
            self.batches,
            self.application.labeller.function.reserved,
            self.quota("lambda-concurrency"),
        )

    @property
    def table_writes(self) -> float:
        """Write units a second that the table takes at once."""
        return max(self.constants.limits["table-new-writes"].value, self.application.table.writes)

    @property
    def index_writes(self) -> float:
        """Write units a second that the index of pending rows takes at once."""
        return max(
            self.constants.limits["table-new-writes"].value, self.application.table.index_writes
        )

    @property
    def calls(self) -> float:
        """Calls of the endpoint that the labeller makes at once, at most."""
        labeller = self.application.labeller
        return self.lanes * min(labeller.threads, labeller.batch)

    @property
    def slots(self) -> float:
        """Pictures that the endpoint works on at once, at most."""
        endpoint = self.application.endpoint
        if endpoint.serverless:
            return min(endpoint.concurrency, self.quota("serverless-concurrency"))
        return endpoint.most * self.constants.instances[endpoint.instance].processors

    def limits(self) -> list[Limit]:
        """Return everything that limits, the first bottleneck first."""
        found = [
            *self._apis(),
            *self._functions(),
            self._stream(),
            *self._endpoint(),
            *self._stores(),
        ]
        return sorted(found, key=lambda each: each.pictures)

    def _apis(self) -> list[Limit]:
        submit, look_up, assumed = (
            self.application.submit,
            self.application.look_up,
            self.constants.assumed,
        )
        look_ups = assumed["look-ups"]
        gateway = self.constants.limits["api-rate"]
        found = [
            Limit(
                "submissions that the API accepts",
                submit.rate,
                Lever("submit_image", "ThrottlingRateLimit", submit.rate, _headroom(1)),
                refuses=True,
            ),
            Limit(
                "API Gateway's requests in the region",
                self.quota("api-rate") / (1 + look_ups),
                self._raise("api-rate", 1 + look_ups),
                gateway.page,
                refuses=True,
            ),
        ]
        if look_ups:
            found.append(
                Limit(
                    "look-ups that the API accepts",
                    look_up.rate / look_ups,
                    Lever(
                        "get_image_label", "ThrottlingRateLimit", look_up.rate, _headroom(look_ups)
                    ),
                )
            )
        if math.isfinite(submit.quota):
            day = 86_400
            found.append(
                Limit(
                    "requests a day of the API key",
                    submit.quota / day,
                    Lever(
                        "submit_image",
                        "DailyQuota",
                        submit.quota,
                        lambda rate: math.ceil(rate * day / OF_A_DAY),
                    ),
                    refuses=True,
                )
            )
        return found

    def _functions(self) -> list[Limit]:
        submit, look_up, assumed = (
            self.application.submit,
            self.application.look_up,
            self.constants.assumed,
        )
        batch = self.application.labeller.batch
        looked_up = assumed["look-ups"] * assumed["look-up-seconds"]
        busy = assumed["submit-seconds"] + looked_up + self.service.seconds(batch) / batch
        found = [
            Limit(
                "the account's concurrent executions",
                self.quota("lambda-concurrency") / busy,
                self._raise("lambda-concurrency", busy),
                self.constants.limits["lambda-concurrency"].page,
            )
        ]
        for title, name, function, seconds in (
            (
                "executions reserved for SubmitImage",
                "submit_image",
                submit.function,
                assumed["submit-seconds"],
            ),
            (
                "executions reserved for GetImageLabel",
                "get_image_label",
                look_up.function,
                looked_up,
            ),
        ):
            if math.isfinite(function.reserved) and seconds:
                lever = Lever(
                    name, "ReservedConcurrentExecutions", function.reserved, _headroom(seconds)
                )
                found.append(Limit(title, function.reserved / seconds, lever))
        return found

    def _stream(self) -> Limit:
        labeller, service = self.application.labeller, self.service
        each = labeller.batch / service.seconds(labeller.batch)
        factor = self.constants.limits["stream-factor"]
        lever = Lever(
            "invoke_labeller",
            "ParallelizationFactor",
            labeller.factor,
            lambda rate: math.ceil(rate / USED_AT_MOST / each / self.shards),
            most=factor.value,
        )
        title = (
            f"the stream: {self.shards} shards x factor {labeller.factor}, "
            f"batches of {labeller.batch} on {labeller.threads} threads"
        )
        return Limit(title, self.lanes * each, lever, factor.page)

    def _endpoint(self) -> list[Limit]:
        endpoint, service = self.application.endpoint, self.service
        if not endpoint.serverless:
            instance = self.constants.instances[endpoint.instance]
            each = instance.processors / service.model
            lever = Lever(
                "sagemaker_endpoint",
                "MaxCapacity",
                endpoint.most,
                lambda rate: math.ceil(rate / USED_AT_MOST / each),
            )
            quota = self.constants.limits["instances"]
            return [
                Limit(
                    f"{endpoint.most} instances {endpoint.instance} of the endpoint",
                    endpoint.most * each,
                    lever,
                ),
                Limit(
                    f"the account's instances {endpoint.instance}",
                    self.quota("instances") * each,
                    self._raise("instances", 1 / each),
                    quota.page,
                ),
            ]
        most = self.constants.limits["serverless-endpoint-concurrency"]
        return [
            Limit(
                "the serverless endpoint's MaxConcurrency",
                endpoint.concurrency / service.model,
                Lever(
                    "sagemaker_endpoint",
                    "MaxConcurrency",
                    endpoint.concurrency,
                    _headroom(service.model),
                    most=most.value,
                ),
                most.page,
            ),
            Limit(
                "the account's serverless concurrency",
                self.quota("serverless-concurrency") / service.model,
                # CloudFormation creates a changed endpoint before it deletes the old one.
                self._raise("serverless-concurrency", 2 * service.model),
                self.constants.limits["serverless-concurrency"].page,
            ),
        ]

    def _stores(self) -> list[Limit]:
        table, assumed, limits = (
            self.application.table,
            self.constants.assumed,
            self.constants.limits,
        )
        partition = limits["partition-writes"]
        per_table, per_index = assumed["table-writes"], assumed["index-writes"]
        most = self.quota("table-quota")
        return [
            Limit(
                "the table's warm throughput",
                self.table_writes / per_table,
                Lever("dynamodb_infra", "WarmWriteUnits", self.table_writes, _headroom(per_table)),
                limits["table-new-writes"].page,
            ),
            Limit(
                "the index's warm throughput",
                self.index_writes / per_index,
                Lever(
                    "dynamodb_infra", "IndexWarmWriteUnits", self.index_writes, _headroom(per_index)
                ),
                limits["table-new-writes"].page,
            ),
            Limit(
                "the quota of the table's writes",
                most / per_table,
                self._raise("table-quota", per_table),
                limits["table-quota"].page,
            ),
            Limit(
                f"the {table.index_shards} partition keys of the index of pending rows",
                table.index_shards * partition.value / per_index,
                page=partition.page,
            ),
            Limit(
                "S3's PUT requests of a prefix",
                limits["bucket-puts"].value,
                page=limits["bucket-puts"].page,
            ),
            Limit(
                "S3's GET requests of a prefix",
                limits["bucket-gets"].value,
                page=limits["bucket-gets"].page,
            ),
        ]

    def _raise(self, key: str, per_picture: float) -> Lever:
        constant = self.constants.limits[key]
        return Lever(
            constant.service,
            constant.name,
            constant.of(self.account),
            _headroom(per_picture),
            constant=constant,
        )


def _headroom(per_picture: float) -> Callable[[float], float]:
    """Return what computes the units that a rate needs, used at most to USED_AT_MOST."""
    return lambda rate: math.ceil(rate * per_picture / USED_AT_MOST)
