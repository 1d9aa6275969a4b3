"""The deployed roles, and what they are measured by."""

import pytest
from local_aws.cloud import Cloud

from tests.privileges import forbidden, roles
from tests.privileges.recorder import Recorder
from tests.privileges.roles import Role
from tests.privileges.second_evaluator import SecondEvaluator
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


@pytest.fixture(scope="session")
def places(system: System, deployed: dict[str, Role]) -> dict[str, str]:
    """Where everything of the deployed application is."""
    return forbidden.places(system, deployed)


@pytest.fixture(scope="session")
def second_evaluator(cloud: Cloud) -> SecondEvaluator:
    return SecondEvaluator(cloud.settings)
