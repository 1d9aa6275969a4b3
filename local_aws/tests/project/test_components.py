"""Components are found by their files, and chosen by name."""

from pathlib import Path

import pytest

from local_aws import CloudError, UsageError
from local_aws.project import components

PARAMETERS = "Parameters:\n  Name: {Type: String}\n  Size: {Type: Number, Default: 3}\n"


def component(project: Path, name: str, makefile: str, template: str = "Resources: {}\n") -> None:
    (project / name).mkdir()
    (project / name / "component.mk").write_text(makefile)
    (project / name / "template.yml").write_text(template)


def test_a_component_has_a_template_and_a_stack(tmp_path: Path) -> None:
    component(tmp_path, "storage", "STACK := Storage\n")
    component(tmp_path, "suite", "STACK :=\n")
    (tmp_path / "docs").mkdir()

    found = components.discover(tmp_path)

    assert list(found) == ["storage"]
    assert found["storage"].stack == "Storage"
    assert found["storage"].artifacts == ()


def test_its_artifacts_are_listed(tmp_path: Path) -> None:
    component(
        tmp_path, "echo", "STACK := Echo\nARTIFACTS := package.zip other.tar.gz\n\nbuild/x:\n"
    )

    assert components.discover(tmp_path)["echo"].artifacts == ("package.zip", "other.tar.gz")


def test_an_empty_project_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CloudError, match="no components"):
        components.discover(tmp_path)


def test_the_environment_s_parameters_override_the_template_s(tmp_path: Path) -> None:
    component(tmp_path, "echo", "STACK := Echo\n", PARAMETERS)
    (tmp_path / "echo/parameters").mkdir()
    (tmp_path / "echo/parameters/test.yml").write_text("Size: 5\n")
    echo = components.discover(tmp_path)["echo"]

    assert echo.parameters("test") == {"Name": "", "Size": "5"}
    assert echo.parameters("production") == {"Name": "", "Size": "3"}


def test_sagemaker_is_recognised_by_its_resources(tmp_path: Path) -> None:
    model = "Resources:\n  Model: {Type: 'AWS::SageMaker::Model'}\n"
    component(tmp_path, "endpoint", "STACK := Endpoint\n", model)
    component(tmp_path, "storage", "STACK := Storage\n")
    found = components.discover(tmp_path)

    assert found["endpoint"].needs_sagemaker
    assert not found["storage"].needs_sagemaker


class TestChoice:
    def test_everything_but_what_needs_to_be_reported_something(self, tmp_path: Path) -> None:
        component(tmp_path, "echo", "STACK := Echo\n", PARAMETERS)
        component(tmp_path, "storage", "STACK := Storage\n")
        found = components.discover(tmp_path)

        assert components.choose(found, [], "test", {}) == [found["storage"]]
        assert components.choose(found, [], "test", {"Name": "x"}) == list(found.values())

    def test_a_name_counts_once(self, tmp_path: Path) -> None:
        component(tmp_path, "storage", "STACK := Storage\n")
        found = components.discover(tmp_path)

        assert len(components.choose(found, ["storage", "storage"], "test", {})) == 1

    def test_an_unknown_name_lists_the_known_ones(self, tmp_path: Path) -> None:
        component(tmp_path, "storage", "STACK := Storage\n")

        with pytest.raises(UsageError, match="no component 'store'; there are storage"):
            components.choose(components.discover(tmp_path), ["store"], "test", {})

    @pytest.mark.parametrize("name", ["docs", "system_tests"])
    def test_a_component_without_a_stack_is_refused_as_such(
        self, tmp_path: Path, name: str
    ) -> None:
        component(tmp_path, "storage", "STACK := Storage\n")

        with pytest.raises(UsageError, match=f"{name} has no stack. Components with one: storage"):
            components.choose(components.discover(tmp_path), [name], "test", {})

    def test_a_named_one_says_what_it_needs_to_be_reported(self, tmp_path: Path) -> None:
        component(tmp_path, "echo", "STACK := Echo\n", PARAMETERS)

        with pytest.raises(UsageError, match='echo needs PARAMETERS="Name=…"'):
            components.choose(components.discover(tmp_path), ["echo"], "test", {})
