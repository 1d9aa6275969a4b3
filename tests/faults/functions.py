"""Copies of the deployed functions whose every word goes over wires that can be broken."""

import base64
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

import urllib3
from botocore.config import Config
from local_aws.cloud import Cloud
from local_aws.servers.plans import ENDPOINT

from tests.faults.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import FunctionConfigurationTypeDef

MODEL = "sagemaker-runtime"
# By the operation, the service that is behind the wire.
SERVICES = {
    "PutObject": "s3",
    "GetObject": "s3",
    "HeadObject": "s3",
    "DeleteObject": "s3",
    "PutItem": "dynamodb",
    "GetItem": "dynamodb",
    "DeleteItem": "dynamodb",
    "UpdateItem": "dynamodb",
    "Query": "dynamodb",
    "InvokeEndpoint": MODEL,
}
ENVIRONMENT = {
    "s3": "AWS_ENDPOINT_URL_S3",
    "dynamodb": "AWS_ENDPOINT_URL_DYNAMODB",
    MODEL: "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME",
}
# By the name in matrix.md: the outputs that name the deployed functions.
DEPLOYED = {
    "submit": ("OpenDevOpsSubmitImage", "FunctionName"),
    "label": ("OpenDevOpsInvokeLabeller", "FunctionName"),
    "sweep": ("OpenDevOpsInvokeLabeller", "SweepFunctionName"),
    "look up": ("OpenDevOpsGetImageLabel", "FunctionName"),
}
# What no function does anything with.
NOTHING: dict[str, list[None]] = {"Records": []}
# Longer than a function may take, and than a busy machine takes to begin and to end it.
PATIENT = Config(read_timeout=330, retries={"total_max_attempts": 1}, max_pool_connections=32)


@dataclass(frozen=True)
class Invocation:
    """What came of an invocation.

    Attributes:
        result: What the function returned.
        crashed: Whether it ended without returning.
    """

    result: Any
    crashed: bool


class Function:
    """A function in the embedded cloud.

    Attributes:
        counted: What it has counted (embedded metric format), summed up.
    """

    def __init__(self, client: "LambdaClient", name: str) -> None:
        self._client = client
        self._name = name
        self.counted: Counter[str] = Counter()

    def invoke(self, event: object) -> Invocation:
        """Invoke it and wait."""
        answer = self._client.invoke(
            FunctionName=self._name, Payload=json.dumps(event).encode(), LogType="Tail"
        )
        self.counted += _metrics(base64.b64decode(answer.get("LogResult", "")).decode())
        result = json.loads(answer["Payload"].read() or b"null")
        return Invocation(result, bool(answer.get("FunctionError")))

    def uncounted(self, expected: Mapping[str, int], timeout: float = 20) -> list[str]:
        """Return the metrics whose sums are not what they should be.

        The emulator hands a line of the log that comes late out with the next invocation, so the
        function is given nothing to do until the sums are right, or the time is up.

        Args:
            expected: The sums, by metric.
            timeout: Seconds to wait.
        """
        deadline = time.monotonic() + timeout
        while self._wrong(expected) and time.monotonic() < deadline:
            self.invoke(NOTHING)
        return self._wrong(expected)

    def _wrong(self, expected: Mapping[str, int]) -> list[str]:
        return [
            f"{name}: {self.counted[name]}, not {count}"
            for name, count in expected.items()
            if self.counted[name] != count
        ]


@dataclass(frozen=True)
class Original:
    """A deployed function: its settings, and its package as it lies in the embedded cloud."""

    settings: "FunctionConfigurationTypeDef"
    package: bytes


class Deployed:
    """The functions that are deployed.

    Args:
        cloud: The embedded cloud, with the application deployed.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self.client = lambda_client(cloud)
        outputs = cloud.outputs()
        self.originals = {
            title: self._original(outputs[stack][key]) for title, (stack, key) in DEPLOYED.items()
        }

    @contextmanager
    def wires(self) -> Iterator[dict[str, Wire]]:
        """Lay a wire to each service for the block."""
        with ExitStack() as stack:
            made = {service: Wire(self._upstream(service)) for service in ENVIRONMENT}
            for wire in made.values():
                stack.callback(wire.close)
            yield made

    def _upstream(self, service: str) -> str:
        return self._cloud.server(ENDPOINT).url if service == MODEL else self._cloud.url

    def _original(self, name: str) -> Original:
        found = self.client.get_function(FunctionName=name)
        package = urllib3.request("GET", found["Code"]["Location"]).data
        return Original(found["Configuration"], package)


class Lane:
    """A copy of each function, with wires of their own; one row of the matrix at a time.

    Args:
        deployed: What is copied.
        name: Tells the copies of several lanes apart.
    """

    def __init__(self, deployed: Deployed, name: str) -> None:
        self._stack = ExitStack()
        self._client = deployed.client
        self.wires = self._stack.enter_context(deployed.wires())
        self.functions = {
            title: self._copy(original, f"{name}-{title.replace(' ', '-')}")
            for title, original in deployed.originals.items()
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def wire(self, operation: str) -> Wire:
        """Return the wire that an operation goes over."""
        return self.wires[SERVICES[operation]]

    def _copy(self, original: Original, name: str) -> Function:
        settings = original.settings
        variables = dict(settings["Environment"]["Variables"])
        self._client.create_function(
            FunctionName=name,
            Code={"ZipFile": original.package},
            Role=settings["Role"],
            Runtime=settings["Runtime"],
            Handler=settings["Handler"],
            MemorySize=settings["MemorySize"],
            Timeout=settings["Timeout"],
            Environment={"Variables": variables | redirection(self.wires)},
        )
        self._stack.callback(self._client.delete_function, FunctionName=name)
        return Function(self._client, name)


def redirection(wires: Mapping[str, Wire]) -> dict[str, str]:
    """Return the environment variables that send a function's SDK over wires, by service."""
    return {ENVIRONMENT[service]: wire.url for service, wire in wires.items()}


def lambda_client(cloud: Cloud) -> "LambdaClient":
    """Return a client of Lambda that waits as long as a function may take."""
    return cloud.session().client("lambda", endpoint_url=cloud.url, config=PATIENT)


def errors_of(cloud: Cloud, prefix: str) -> int:
    """Return how many errors Lambda has counted for the functions whose names begin so."""
    metrics = cloud.session().client("cloudwatch", endpoint_url=cloud.url)
    now = datetime.now(UTC)
    names = {
        dimension["Value"]
        for metric in metrics.list_metrics(Namespace="AWS/Lambda", MetricName="Errors")["Metrics"]
        for dimension in metric["Dimensions"]
        if dimension["Value"].startswith(prefix)
    }
    found = [
        point["Sum"]
        for name in names
        for point in metrics.get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName="Errors",
            Dimensions=[{"Name": "FunctionName", "Value": name}],
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(minutes=5),
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]
    ]
    return int(sum(found))


def _metrics(log: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in log.splitlines():
        if '"_aws"' not in line:
            continue
        document = json.loads(line)
        for group in document["_aws"]["CloudWatchMetrics"]:
            for metric in group["Metrics"]:
                counts[metric["Name"]] += int(sum(document[metric["Name"]]))
    return counts
