import runpy

import pytest
import yaml

from lambda_common.environment import SettingsError
from tests.documents import HERE


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-1")
    monkeypatch.setenv("TABLE_NAME", "ImageLabels")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "ImageLabeller")


def test_every_operation_of_the_api_has_its_route() -> None:
    routes = runpy.run_module("get_image_label.function")["routes"]

    document = yaml.safe_load((HERE / "openapi.yml").read_text())
    assert set(routes) == {
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method in operations
    }


def test_a_wrong_environment_is_noticed_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TABLE_NAME")

    with pytest.raises(SettingsError, match="TABLE_NAME"):
        runpy.run_module("get_image_label.function")
