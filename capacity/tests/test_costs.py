import pytest

from capacity.costs import HOURS, costs, instances
from tests.examples import APPLICATION, model, serving


def test_a_serverless_endpoint_costs_by_the_second_and_nothing_while_idle() -> None:
    found = costs(model(), 1)

    # 3 GB for half a second, at $0.00002 a GB-second.
    assert found.million["model endpoint"] == pytest.approx(1e6 * 3 * 0.5 * 0.00002)
    assert sum(found.idle.values()) < 5


def test_an_instance_costs_by_the_hour_and_that_is_idle_costs() -> None:
    found = costs(model(serving(serverless=False)), 0.1)

    assert found.million["model endpoint"] == 0
    assert found.idle["1 instances that always run"] == pytest.approx(0.115 * HOURS)


def test_further_instances_are_shared_among_their_pictures() -> None:
    whole = model(serving(serverless=False, least=1, most=10))

    assert instances(whole, 20) == 4
    assert costs(whole, 20).million["model endpoint"] == pytest.approx(3 * 0.115 / 3600 / 20 * 1e6)


def test_a_thousand_pictures_cost_what_the_page_of_costs_says_of_each_service() -> None:
    found = costs(model(), 0.1).million

    assert found["API Gateway"] == pytest.approx(14)
    assert found["DynamoDB"] == pytest.approx(3.4, abs=0.2)
    assert found["S3"] == pytest.approx(16.9, abs=0.3)


def test_the_costs_lie_within_their_interval() -> None:
    found = costs(model(), 1)

    assert found.low < sum(found.million.values()) < found.high


def test_every_alarm_is_paid_for() -> None:
    assert costs(model(), 1).idle["alarms"] == pytest.approx(APPLICATION.alarms * 0.1)
