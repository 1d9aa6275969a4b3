"""The gateway responses are those of the OpenAPI document; test_cloud applies them."""

from pathlib import Path

from local_aws import Settings
from local_aws.deploying import gateway
from local_aws.project.components import Component


def test_they_are_read_from_the_document(settings: Settings) -> None:
    responses = gateway.responses(Component(settings.root / "echo", "TestEcho"))

    assert list(responses) == ["INVALID_API_KEY"]


def test_a_component_without_an_api_has_none(settings: Settings) -> None:
    component = Component(settings.root / "storage", "TestStorage")

    assert gateway.responses(component) == {}
    # Nothing is called then, for nothing is there to answer.
    gateway.apply(component, "http://nowhere.invalid", "us-west-1")


def test_a_document_without_them_has_none(tmp_path: Path) -> None:
    (tmp_path / "openapi.yml").write_text("openapi: 3.0.3\n")

    assert gateway.responses(Component(tmp_path, "Echo")) == {}
