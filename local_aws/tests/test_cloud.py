"""A real cloud, from start to end."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import urllib3

from local_aws import Cloud, CloudError, Settings
from local_aws.servers import state
from local_aws.servers.plans import ENDPOINT, MINISTACK, MOTO
from local_aws.settings import LOCAL_AWS


def test_everything_is_deployed_where_it_belongs(cloud: Cloud) -> None:
    outputs = cloud.outputs()

    assert {"TestStorage", "TestEcho"} <= set(outputs)
    assert "TestSageMaker" not in outputs
    moto = cloud.session().client("cloudformation", endpoint_url=cloud.server(MOTO).url)
    assert [s["StackName"] for s in moto.describe_stacks()["Stacks"]] == ["TestSageMaker"]


def test_local_parameters_reach_the_templates_that_have_them(cloud: Cloud) -> None:
    assert cloud.outputs()["TestStorage"]["TransportSecurity"] == "Optional"


def test_a_deployment_without_changes_has_nothing_to_do(cloud: Cloud) -> None:
    assert cloud.deploy(again=False) == []


def test_a_changed_component_alone_is_deployed_again(cloud: Cloud) -> None:
    template = cloud.settings.root / "storage" / "template.yml"
    template.write_text(template.read_text().replace("packages and a table", "packages, a table"))

    assert cloud.deploy(again=False) == ["storage"]


def test_gateway_responses_of_the_document_are_applied(cloud: Cloud) -> None:
    url = cloud.outputs()["TestEcho"]["SubmitImageAPI"]
    api = url.split("/")[2].split(".")[0]

    answer = urllib3.request("GET", f"{cloud.url}/_aws/execute-api/{api}/v1/submit-image")

    assert answer.status == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "Send an API key."


def test_everything_listens_on_the_loopback_interface_alone(cloud: Cloud) -> None:
    known = state.load(cloud.settings.state).servers

    listening = {
        (name, connection.laddr[0], connection.laddr[1])
        for name, server in known.items()
        for connection in psutil.Process(server.process.pid).net_connections()
        if connection.status == psutil.CONN_LISTEN
    }

    own = {(name, "127.0.0.1", server.port) for name, server in known.items()}
    website = {(MINISTACK, "127.0.0.1", known[MINISTACK].website)}
    assert listening == own | website


def test_the_model_stays_the_one_that_is_served_unless_another_is_named(
    settings: Settings, tmp_path: Path
) -> None:
    unnamed = replace(settings, model=None)
    built = Cloud(unnamed).model
    served = tmp_path / "served.tar.gz"

    state.save(settings.state, state.State(model=str(served)))

    assert Cloud(unnamed).model == served != built
    assert Cloud(unnamed.serving(tmp_path / "other.tar.gz")).model == tmp_path / "other.tar.gz"


def test_a_second_up_works_on_what_runs(cloud: Cloud) -> None:
    before = state.load(cloud.settings.state).servers

    cloud.up()

    assert state.load(cloud.settings.state).servers == before


def test_a_killed_endpoint_is_started_again_where_it_was(cloud: Cloud) -> None:
    before = state.load(cloud.settings.state).servers
    os.kill(before[ENDPOINT].process.pid, signal.SIGKILL)

    cloud.up()

    after = state.load(cloud.settings.state).servers
    assert after[ENDPOINT].process != before[ENDPOINT].process
    assert after[ENDPOINT].port == before[ENDPOINT].port
    assert after[MINISTACK] == before[MINISTACK]


def test_variables_send_an_sdk_here_and_nowhere_else(cloud: Cloud) -> None:
    variables = cloud.environment()

    assert variables["AWS_ENDPOINT_URL"] == cloud.url
    assert variables["AWS_ENDPOINT_URL_SAGEMAKER"] == cloud.server(MOTO).url
    assert variables["AWS_CONFIG_FILE"] == os.devnull


class TestAnotherCloud:
    """What needs a cloud of its own, next to the first."""

    def test_it_loses_what_it_held_when_it_is_killed_and_leaves_nothing_behind(
        self, cloud: Cloud, settings: Settings
    ) -> None:
        other = Cloud(settings)
        other.up()
        try:
            assert other.url != cloud.url
            assert other.deploy("storage") == ["storage"]
            os.kill(other.server(MINISTACK).process.pid, signal.SIGKILL)
            with pytest.raises(
                CloudError, match=r"MiniStack \(pid \d+\) was killed.*make up deploy"
            ):
                other.deploy("storage")

            other.up()

            assert other.outputs() == {}
            assert other.deploy("storage", again=False) == ["storage"]
        finally:
            known = state.load(other.settings.state).servers
            other.down()
        assert [server.process.find() for server in known.values()] == [None] * 3
        assert not other.settings.temporary.exists()
        assert other.down() == []

    def test_a_port_in_use_is_named_with_its_owner(self, settings: Settings) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            other = Cloud(replace(settings, port=port))
            with pytest.raises(CloudError, match=rf"Port {port} is in use by .*PORT={port + 1}"):
                other.up()

        assert state.load(other.settings.state).servers == {}

    def test_nothing_stays_half_started(self, settings: Settings) -> None:
        server = settings.root / "sagemaker_endpoint/src/sagemaker_endpoint/__main__.py"
        server.write_text("raise ValueError('the model is broken')\n")
        other = Cloud(settings)

        with pytest.raises(CloudError, match="did not start: ValueError: the model is broken"):
            other.up()

        assert state.load(settings.state).servers == {}
        here = str(settings.state.parent)
        assert not [p for p in psutil.process_iter() if here in " ".join(_command(p))]

    def test_an_interruption_leaves_nothing_half_started(self, settings: Settings) -> None:
        server = settings.root / "sagemaker_endpoint/src/sagemaker_endpoint/__main__.py"
        server.write_text("print('loading', flush=True)\nimport time\ntime.sleep(99)\n")
        code = (
            f"import local_aws; from pathlib import *; local_aws.Cloud(local_aws.{settings}).up()"
        )
        log = settings.logs / "endpoint.log"
        variables = os.environ | {"PYTHONPATH": str(LOCAL_AWS / "src")}
        with subprocess.Popen(
            [sys.executable, "-c", code], env=variables, stderr=subprocess.PIPE, text=True
        ) as starting:
            deadline = time.monotonic() + 30
            while not (log.exists() and "loading" in log.read_text()):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            starting.send_signal(signal.SIGINT)
            _, printed = starting.communicate(timeout=30)

        assert "KeyboardInterrupt" in printed
        assert state.load(settings.state).servers == {}
        assert not [p for p in psutil.process_iter() if str(settings.state) in str(_command(p))]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
