"""The second evaluator, which needs no cloud to run."""

import pytest
from local_aws.settings import Settings

from tests.privileges.second_evaluator import SecondEvaluator


# For every test here: AWS's reference of actions comes with it.
@pytest.fixture(scope="session", autouse=True)
def evaluator() -> SecondEvaluator:
    settings = Settings.read({})
    for directory in (settings.environments, settings.logs):
        directory.mkdir(parents=True, exist_ok=True)
    return SecondEvaluator(settings)
