"""The whole application, running."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from local_aws.cloud import Cloud
from local_aws.settings import Settings

from tests.house import HOUSE


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An embedded cloud on free ports, with the whole application deployed from its templates."""
    settings = replace(
        Settings.read({}),
        state=tmp_path_factory.mktemp("cloud"),
        # The environments are those of `make demo`: they do not change between two clouds.
        environments=HOUSE / ".local/environments",
        port=0,
    )
    with Cloud(settings) as running:
        running.deploy()
        yield running
