"""Ways to more power that take several steps."""

from tests.privileges.deployment.ways import data, roles, services, suite
from tests.privileges.deployment.ways.steps import Ways

WAYS: Ways = roles.WAYS | data.WAYS | services.WAYS | suite.WAYS
