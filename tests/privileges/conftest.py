"""The deployed roles, and what they are measured by."""

import pytest
from local_aws.cloud import Cloud

from tests.privileges import roles
from tests.privileges.recorder import Recorder
from tests.privileges.roles import Role
from tests.privileges.system import System


@pytest.fixture(scope="session")
def system(cloud: Cloud) -> System:
    return System(cloud)


@pytest.fixture(scope="session")
def recorder(cloud: Cloud) -> Recorder:
    return Recorder(cloud)


@pytest.fixture(scope="session")
def deployed(cloud: Cloud) -> dict[str, Role]:
    """Every role that the stacks own, by stack and logical id."""
    return roles.deployed(cloud)
