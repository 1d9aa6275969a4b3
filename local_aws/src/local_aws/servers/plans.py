"""How each server of the embedded cloud is started."""

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local_aws.servers import kept
from local_aws.servers.ports import LOOPBACK
from local_aws.servers.virtualenvs import python_of
from local_aws.settings import LOCAL_AWS
from local_aws.tools import environ

if TYPE_CHECKING:
    from pathlib import Path

    from local_aws.settings import Settings

MINISTACK = "ministack"
MOTO = "moto"
ENDPOINT = "endpoint"
TOOLS = "tools"
BUILDER = "builder"
TITLES = {MINISTACK: "MiniStack", MOTO: "moto (SageMaker)", ENDPOINT: "inference endpoint"}
# What answers 200 once the server works.
READY = {MINISTACK: "/_ministack/ready", MOTO: "/moto-api/", ENDPOINT: "/ping"}
# The origin of a MiniStack that keeps what it holds ends with it.
KEEPING = " kept"
PROGRAMS = LOCAL_AWS / "src/local_aws/emulators"
PATCHED = PROGRAMS / "patched_ministack.py"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a server consists of.

    Attributes:
        name: Name of the server.
        requirements: Lock file of its environment.
        arguments: What its environment's Python is given.
        variables: Its environment variables, besides the inherited ones.
        origin: What it serves; when this changes, it has to be started again.
        website: The port on which it serves the website, 0 for none.
    """

    name: str
    requirements: "Path"
    arguments: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict)
    origin: str = ""
    website: int = 0

    def command(self, settings: "Settings") -> list[str]:
        """Return the command line."""
        return [str(python_of(settings.environments / self.name)), *self.arguments]

    def environment(self) -> dict[str, str]:
        """Return all environment variables."""
        return environ.of_server() | self.variables


def tools(settings: "Settings") -> dict[str, "Path"]:
    """Return the lock file of each environment in which components are packaged and deployed."""
    locks = {
        TOOLS: LOCAL_AWS / "emulators/tools.txt",
        BUILDER: settings.root / "sagemaker_endpoint/requirements-build.txt",
    }
    return {name: lock for name, lock in locks.items() if lock.exists()}


def requirements(settings: "Settings") -> dict[str, "Path"]:
    """Return the lock file of each server's environment."""
    return {
        MINISTACK: LOCAL_AWS / "emulators/ministack.txt",
        MOTO: LOCAL_AWS / "emulators/moto.txt",
        ENDPOINT: settings.root / "sagemaker_endpoint/requirements.txt",
    }


def ministack(settings: "Settings", port: int, endpoint_url: str, website: int) -> Plan:
    """Plan MiniStack: IAM enforced, on the loopback interface, these two ports and no other.

    Args:
        settings: The cloud's settings.
        port: Its port.
        endpoint_url: Where the inference endpoint answers; its Lambdas' SDK is sent there.
        website: The port of the website that CloudFront serves.
    """
    return Plan(
        name=MINISTACK,
        requirements=requirements(settings)[MINISTACK],
        arguments=settings.program or (str(PATCHED),),
        website=website,
        origin=f"{endpoint_url}{KEEPING}" if settings.keep else endpoint_url,
        variables=(_keeping(settings) if settings.keep else {})
        | {
            "AUTH": "true",
            "AWS_ACCESS_KEY_ID": environ.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": environ.ACCESS_KEY,
            "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": endpoint_url,
            # It binds every interface otherwise, and opens listeners for IoT and SFTP as well.
            "BIND_HOST": LOOPBACK,
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "GATEWAY_PORT": str(port),
            # A function that only ran in a container would need Docker.
            "LAMBDA_EXECUTOR": "local",
            "MINISTACK_ACCOUNT_ID": settings.account,
            "MINISTACK_REGION": settings.region,
            "TMPDIR": str(settings.temporary),
            "WEBSITE_PORT": str(website),
        },
    )


def _keeping(settings: "Settings") -> dict[str, str]:
    where = kept.working(settings.kept)
    return {
        "PERSIST_STATE": "1",
        "STATE_DIR": str(where),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(where / "objects"),
    }


def moto(settings: "Settings", port: int) -> Plan:
    """Plan moto's server, for the stack with the SageMaker endpoint."""
    return Plan(
        name=MOTO,
        requirements=requirements(settings)[MOTO],
        arguments=(str(PROGRAMS / "protecting_moto.py"), "--host", LOOPBACK, "--port", str(port)),
        variables={"MOTO_ACCOUNT_ID": settings.account, "TMPDIR": str(settings.temporary)},
    )


def endpoint(settings: "Settings", port: int, model: "Path", endpoint_name: str) -> Plan:
    """Plan the inference endpoint.

    Args:
        settings: The cloud's settings.
        port: Its port.
        model: Model package that it serves.
        endpoint_name: Name by which InvokeEndpoint knows it.
    """
    return Plan(
        name=ENDPOINT,
        requirements=requirements(settings)[ENDPOINT],
        arguments=(
            *("-m", "sagemaker_endpoint", "serve", "--model", str(model)),
            *("--host", LOOPBACK, "--port", str(port), "--endpoint-name", endpoint_name),
        ),
        variables={
            "PYTHONPATH": str(settings.root / "sagemaker_endpoint/src"),
            "TMPDIR": str(settings.temporary),
        },
        origin=f"{model} {_version(model)} {endpoint_name}",
    )


def _version(model: "Path") -> str:
    if model.is_dir():
        return ""
    with model.open("rb") as package:
        return hashlib.file_digest(package, "sha256").hexdigest()
