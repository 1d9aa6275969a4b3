"""The application as it is parameterised: what its templates make of the parameters' values."""

import ast
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from local_aws.errors import UsageError
from local_aws.project import components, parameters
from local_aws.project.expansion import Stack
from local_aws.project.facts import Facts


@dataclass(frozen=True)
class Function:
    """A function.

    Attributes:
        memory: Megabytes.
        reserved: The most executions at once that it may take; infinite where it reserves none.
        arm: Whether it runs on arm64.
    """

    memory: float
    reserved: float
    arm: bool


@dataclass(frozen=True)
class Api:
    """A function behind an API.

    Attributes:
        function: The function.
        rate: Requests a second that its stage accepts on average.
        burst: Requests that its stage accepts at once.
        quota: Requests a day that its key is good for; infinite without one.
    """

    function: Function
    rate: float
    burst: float
    quota: float


@dataclass(frozen=True)
class Labeller:
    """The function on the table's stream.

    Attributes:
        function: The function.
        batch: Records that it is given at once, at most.
        window: Seconds that Lambda waits for a batch to fill.
        factor: Batches of a shard that it is given at once.
        threads: Pictures of a batch that it labels at once.
        retries: How often a failed batch is delivered again.
    """

    function: Function
    batch: int
    window: float
    factor: int
    threads: int
    retries: int


@dataclass(frozen=True)
class Sweep:
    """What sends pictures that wait through the stream again.

    Attributes:
        after: Seconds that a picture waits before.
        every: Seconds from one run to the next.
        limit: Pictures of a run, at most.
        most: The highest value that the template accepts for it.
        read: Pictures that a run reads, the longest waiting, at most.
        threads: Pictures that a run sends at once.
        memory: Megabytes.
        longest: The longest wait between two attempts, in seconds.
        give_up: Seconds after which a picture gets its last attempt.
    """

    after: float
    every: float
    limit: int
    most: int
    read: int
    threads: int
    memory: float
    longest: float
    give_up: float


@dataclass(frozen=True)
class Endpoint:
    """The model's endpoint.

    Attributes:
        serverless: Whether it is serverless, and not on instances.
        memory: Megabytes of a serverless one.
        concurrency: Invocations at once of a serverless one.
        provisioned: Those of them that are kept warm.
        instance: Type of the instances.
        least: Instances that always run.
        most: Instances that scaling may add up to.
        target: Invocations a minute that an instance should get.
    """

    serverless: bool
    memory: float
    concurrency: int
    provisioned: int
    instance: str
    least: int
    most: int
    target: float


@dataclass(frozen=True)
class Table:
    """The table.

    Attributes:
        writes: Write units a second of its warm throughput; 0 where it sets none.
        index_writes: Those of the index of pending rows.
        index_shards: Partition keys of that index.
    """

    writes: float
    index_writes: float
    index_shards: int


@dataclass(frozen=True)
class Application:
    """The application.

    Attributes:
        submit: SubmitImage.
        look_up: GetImageLabel.
        labeller: The labeller.
        sweep: Its sweep.
        endpoint: The model's endpoint.
        table: The table.
        alarms: How many alarms there are.
    """

    submit: Api
    look_up: Api
    labeller: Labeller
    sweep: Sweep
    endpoint: Endpoint
    table: Table
    alarms: int

    @classmethod
    def read(cls, root: Path, environment: str, size: str, overrides: str) -> Self:
        """Read templates and parameter files.

        Args:
            root: The repository root.
            environment: Names the parameter files.
            size: Names the files in `parameters/sizes` that override them; empty for none.
            overrides: `Name=value …`, which override both.

        Raises:
            CloudError: If a file is missing or wrong.
            UsageError: If there is no such environment, size or parameter.
        """
        known = Facts.read(root).environments
        if environment not in known:
            raise UsageError(f"ENVIRONMENT must be one of {', '.join(known)}, not {environment!r}.")
        found = components.discover(root)
        parameters.check_size(size, found.values())
        given = parameters.chosen(overrides, found.values())
        stacks = {
            name: _Stack(
                name,
                each.template,
                each.parameters(environment)
                | parameters.of_size(each, size)
                | parameters.fitting(each, given),
                each.path,
            )
            for name, each in found.items()
        }
        labeller = stacks["invoke_labeller"]
        return cls(
            submit=stacks["submit_image"].api(),
            look_up=stacks["get_image_label"].api(),
            labeller=labeller.labeller(),
            sweep=labeller.sweep(),
            endpoint=stacks["sagemaker_endpoint"].endpoint(),
            table=stacks["dynamodb_infra"].table(labeller.in_source("sweep.py", "SHARDS")),
            alarms=stacks["cloudwatch_alarms"].count("AWS::CloudWatch::Alarm"),
        )


@dataclass(frozen=True)
class _Stack(Stack):
    """A stack, with the directory of its component.

    Attributes:
        path: The directory.
    """

    path: Path

    def api(self) -> Api:
        (stage,) = self.of("AWS::ApiGateway::Stage")
        (settings,) = stage["MethodSettings"]
        plans = self.of("AWS::ApiGateway::UsagePlan")
        quotas = [each["Quota"]["Limit"] for each in plans if "Quota" in each]
        return Api(
            self._function("Function"),
            self.number(settings["ThrottlingRateLimit"]),
            self.number(settings["ThrottlingBurstLimit"]),
            min((self.number(each) for each in quotas), default=math.inf),
        )

    def labeller(self) -> Labeller:
        (mapping,) = self.of("AWS::Lambda::EventSourceMapping")
        return Labeller(
            self._function("Function"),
            batch=self.whole(mapping["BatchSize"]),
            window=self.number(mapping.get("MaximumBatchingWindowInSeconds", 0)),
            factor=self.whole(mapping.get("ParallelizationFactor", 1)),
            threads=self.whole({"Ref": "Threads"}),
            retries=self.whole(mapping["MaximumRetryAttempts"]),
        )

    def sweep(self) -> Sweep:
        function = self.template["Resources"]["SweepFunction"]["Properties"]
        environment = function["Environment"]["Variables"]
        return Sweep(
            after=60 * self.number(environment["SWEEP_AFTER_MINUTES"]),
            every=60 * self.number({"Ref": "SweepRateMinutes"}),
            limit=self.whole(environment["SWEEP_LIMIT"]),
            most=int(self.template["Parameters"]["SweepLimit"]["MaxValue"]),
            read=self.in_source("sweep.py", "READ_PER_SHARD")
            * len(self.in_source("sweep.py", "SHARDS")),
            threads=self.in_source("sweep.py", "THREADS"),
            memory=self.number(function["MemorySize"]),
            longest=3600 * self.in_source("sweep.py", "LONGEST_WAIT"),
            give_up=3600 * self.number(environment["GIVE_UP_AFTER_HOURS"]),
        )

    def endpoint(self) -> Endpoint:
        return Endpoint(
            serverless=self.values["InferenceType"] == "Serverless",
            memory=self.number({"Ref": "MemorySize"}),
            concurrency=self.whole({"Ref": "MaxConcurrency"}),
            provisioned=int(self.values.get("ProvisionedConcurrency", 0)),
            instance=self.values["InstanceType"],
            least=self.whole({"Ref": "MinCapacity"}),
            most=self.whole({"Ref": "MaxCapacity"}),
            target=self.number({"Ref": "InvocationsPerInstance"}),
        )

    def table(self, shards: Any) -> Table:
        return Table(
            writes=float(self.values.get("WarmWriteUnits", 0)),
            index_writes=float(self.values.get("IndexWarmWriteUnits", 0)),
            index_shards=len(shards),
        )

    def in_source(self, file: str, name: str) -> Any:
        """Return what a module of the component's function assigns to a name."""
        return self._constants[file, name]

    @cached_property
    def _constants(self) -> dict[tuple[str, str], Any]:
        """By module and name, the literals of the component's function; a `timedelta` in hours."""
        found: dict[tuple[str, str], Any] = {}
        for path in (self.path / "src" / self.name).glob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                match node:
                    case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value)):
                        found[path.name, name] = value
                    case ast.Assign(
                        targets=[ast.Name(id=name)],
                        value=ast.Call(
                            keywords=[ast.keyword(arg="hours", value=ast.Constant(value=value))]
                        ),
                    ):
                        found[path.name, name] = value
        return found

    def _function(self, name: str) -> Function:
        shared = self.template.get("Globals", {}).get("Function", {})
        function = self.resolve(shared | self.template["Resources"][name]["Properties"])
        return Function(
            self.number(function["MemorySize"]),
            self.number(function.get("ReservedConcurrentExecutions", math.inf)),
            function["Architectures"] == ["arm64"],
        )
