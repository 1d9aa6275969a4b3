"""The application that is deployed in an embedded cloud, as it is measured."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import boto3
import psutil
from botocore.config import Config

from benchmark.errors import BenchmarkError

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import FunctionConfigurationResponseTypeDef
    from mypy_boto3_s3 import S3Client

CREDENTIALS = "test"
# Longer than a function may take.
SLOW = Config(read_timeout=330, retries={"total_max_attempts": 1}, max_pool_connections=32)
# What a process has taken of the processor, and what those did that it started and that have ended.
OWN = ("user", "system")
ENDED = ("children_user", "children_system")
FUNCTIONS = {
    "submit_image": "OpenDevOpsSubmitImage",
    "invoke_labeller": "OpenDevOpsInvokeLabeller",
    "get_image_label": "OpenDevOpsGetImageLabel",
}


@dataclass(frozen=True)
class Processor:
    """Processor time of a cloud's servers so far, in seconds.

    Attributes:
        endpoint: Of the inference endpoint.
        functions: Of the functions, and of what they have started.
        decoders: Of what they have started, alone.
        emulator: Of the emulator itself.
    """

    endpoint: float
    functions: float
    decoders: float
    emulator: float

    def __sub__(self, before: "Processor") -> "Processor":
        return Processor(
            self.endpoint - before.endpoint,
            self.functions - before.functions,
            self.decoders - before.decoders,
            self.emulator - before.emulator,
        )


class Application:
    """A deployed application.

    Args:
        name: Name of what is measured, such as `now`.
        root: The project's directory from which it was deployed.
        status: What `make status JSON=yes` says of it.
        version: The commit that was deployed.
    """

    def __init__(self, name: str, root: Path, status: Mapping[str, Any], version: str) -> None:
        self.name = name
        self.version = version
        self.root = root
        self._servers = {each["Name"]: each for each in status["Servers"]}
        self.outputs: dict[str, dict[str, str]] = {
            each["StackName"]: each["Outputs"] for each in status["Stacks"]
        }
        self._processes: dict[str, psutil.Process] = {}
        if missing := [name for name in FUNCTIONS.values() if name not in self.outputs]:
            raise BenchmarkError(f"{root}: {missing[0]} is not deployed: make deploy")

    @property
    def url(self) -> str:
        """Where the AWS APIs answer."""
        return str(self._servers["ministack"]["Url"])

    @property
    def endpoint(self) -> str:
        """Where the inference endpoint answers."""
        return str(self._servers["endpoint"]["Url"])

    @property
    def region(self) -> str:
        """The region of the deployment."""
        return self.outputs["OpenDevOpsDynamoDB"]["TableArn"].split(":")[3]

    @property
    def table(self) -> str:
        """The table's name."""
        return self.outputs["OpenDevOpsDynamoDB"]["TableName"]

    @property
    def bucket(self) -> str:
        """The name of the bucket with the pictures."""
        return self.outputs["OpenDevOpsS3"]["ImagesBucketName"]

    @cached_property
    def endpoint_name(self) -> str:
        """The endpoint's name."""
        return self.configuration("invoke_labeller")["Environment"]["Variables"]["ENDPOINT_NAME"]

    def package(self, component: str) -> Path:
        """Return the package of a component's function, as it is deployed."""
        return self.root / component / "build/package.zip"

    def server(self) -> tuple[str, Path]:
        """Return the Python that runs the inference endpoint, and the model package it serves."""
        command = self._process("endpoint").cmdline()
        return command[0], Path(command[command.index("--model") + 1])

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """A client of DynamoDB."""
        return cast("DynamoDBClient", self._client("dynamodb"))

    @cached_property
    def s3(self) -> "S3Client":
        """A client of S3."""
        return cast("S3Client", self._client("s3"))

    @cached_property
    def functions(self) -> "LambdaClient":
        """A client of Lambda."""
        return cast("LambdaClient", self._client("lambda"))

    @cached_property
    def gateway(self) -> "APIGatewayClient":
        """A client of API Gateway."""
        return cast("APIGatewayClient", self._client("apigateway"))

    def _client(self, service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload] # the service is a variable
            service,
            endpoint_url=self.url,
            region_name=self.region,
            aws_access_key_id=CREDENTIALS,
            aws_secret_access_key=CREDENTIALS,
            config=SLOW,
        )

    def configuration(self, component: str) -> "FunctionConfigurationResponseTypeDef":
        """Return how a component's function is deployed."""
        name = self.outputs[FUNCTIONS[component]]["FunctionName"]
        return self.functions.get_function_configuration(FunctionName=name)

    @contextmanager
    def function(self, module: Path, variables: Mapping[str, str]) -> Iterator[str]:
        """Deploy a function for the block, with the labeller's role, memory and time.

        Args:
            module: A Python file with a function `handler`.
            variables: Environment variables besides those of the labeller.

        Yields:
            Its name.
        """
        like = self.configuration("invoke_labeller")
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as package:
            package.write(module, module.name)
        name = f"benchmark-{module.stem}"
        self.functions.create_function(
            FunctionName=name,
            Code={"ZipFile": archive.getvalue()},
            Role=like["Role"],
            Runtime=like["Runtime"],
            Handler=f"{module.stem}.handler",
            MemorySize=like["MemorySize"],
            # Its records come one after the other.
            Timeout=900,
            Environment={"Variables": dict(like["Environment"]["Variables"]) | dict(variables)},
        )
        try:
            yield name
        finally:
            self.functions.delete_function(FunctionName=name)

    @contextmanager
    def stored(self, key: str, body: bytes) -> Iterator[str]:
        """Store an object in the bucket with the pictures for the block, and yield a URL of it."""
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        try:
            yield self.s3.generate_presigned_url(
                "get_object", Params={"Bucket": self.bucket, "Key": key}
            )
        finally:
            self.s3.delete_object(Bucket=self.bucket, Key=key)

    def processor(self) -> Processor:
        """Return the processor time of the servers so far."""
        endpoint, emulator = self._process("endpoint"), self._process("ministack")
        functions = emulator.children()
        started = [each for function in functions for each in function.children(recursive=True)]
        decoders = _of_all(started) + _of_all(functions, ENDED)
        return Processor(
            _of_all([endpoint, *endpoint.children(recursive=True)]),
            _of_all(functions) + decoders,
            decoders,
            _of_all([emulator]),
        )

    def _process(self, name: str) -> psutil.Process:
        if name not in self._processes:
            self._processes[name] = psutil.Process(int(self._servers[name]["Pid"]))
        return self._processes[name]


def _of_all(processes: list[psutil.Process], kinds: tuple[str, ...] = OWN) -> float:
    seconds = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += sum(getattr(times, kind) for kind in kinds)
    return seconds
