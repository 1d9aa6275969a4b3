"""Clients of the AWS APIs that the embedded cloud's servers speak."""

import functools
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import create_loader

from local_aws.tools.environ import ACCESS_KEY

if TYPE_CHECKING:
    from botocore.loaders import Loader
    from mypy_boto3_cloudformation import CloudFormationClient

TIMEOUTS = Config(connect_timeout=2, read_timeout=30, retries={"total_max_attempts": 2})


def session(region: str) -> boto3.Session:
    """Return a session with the emulators' credentials, whatever else is configured."""
    core = botocore.session.get_session()
    core.register_component("data_loader", _loader())
    return boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=region, botocore_session=core)


@functools.cache
def _loader() -> "Loader":
    """Return what reads the descriptions of services, each once: they are large."""
    return create_loader()


@functools.cache
def client(service: Any, url: str, region: str) -> Any:
    """Return a client of a service, as the emulator at this address has it."""
    return session(region).client(service, endpoint_url=url, config=TIMEOUTS)


def cloudformation(url: str, region: str) -> "CloudFormationClient":
    """Return a client of CloudFormation."""
    found: CloudFormationClient = client("cloudformation", url, region)
    return found
