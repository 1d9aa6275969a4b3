"""What is kept follows MiniStack to another port, and nothing else of it changes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from imagelabeller import Client, Label

from local_aws import Cloud, UsageError
from local_aws.servers import ports
from local_aws.servers.plans import ENDPOINT, MINISTACK
from local_aws.using import api

from ..conftest import settings_in

# Nothing here asks moto.
SERVERS = (ENDPOINT, MINISTACK)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Cloud]:
    """A cloud that was stopped and keeps what it held."""
    settings = replace(settings_in(tmp_path), keep=True, parameters="TrustedImageHosts=a.example")
    cloud = Cloud(settings)
    cloud.up(SERVERS)
    try:
        cloud.deploy("storage", "echo")
        cloud.down()
        yield cloud
    finally:
        cloud.down()


def parameters(cloud: Cloud) -> dict[str, str]:
    client = cloud.session().client("cloudformation", endpoint_url=cloud.url)
    [stack] = client.describe_stacks(StackName="TestEcho")["Stacks"]
    return {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}


def test_it_is_started_where_it_was_or_follows_where_it_is_wanted(
    kept: Cloud, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"pug!")
    silent = replace(kept.settings, port=None, parameters="")

    same = Cloud(silent)
    same.up(SERVERS)
    before = parameters(same)
    first = same.server(MINISTACK).port
    assert before["TrustedImageHosts"] == f"127.0.0.1:{first},a.example"
    with pytest.raises(UsageError, match=f"runs on port {first}"):
        Cloud(replace(silent, port=ports.free())).up(SERVERS)
    same.down()

    wanted = ports.free()
    moved = Cloud(replace(silent, port=wanted))
    moved.up(SERVERS)

    after = parameters(moved)
    assert moved.server(MINISTACK).port == wanted != first
    assert after.pop("TrustedImageHosts") == f"127.0.0.1:{wanted},a.example"
    assert before.items() >= after.items()
    with Client(api.connection(moved)) as client:
        assert client.label_file(photo).labels == (Label("pug!", 0.5),)
