"""What a `.taskcat.yml` says, and in which order components are tested."""

from pathlib import Path

import pytest
import yaml

from local_aws.errors import CloudError, UsageError
from local_aws.taskcat.run import needed_for
from tests.taskcat.conftest import configs_in


def rewrite(project: Path, text: str) -> None:
    (project / "store" / ".taskcat.yml").write_text(text)


def test_only_what_has_a_taskcat_file_is_tested(project: Path) -> None:
    assert sorted(configs_in(project)) == ["reader", "refused", "store"]


def test_a_test_says_more_than_its_project(project: Path) -> None:
    tests = {
        "here": {"regions": ["us-west-1"], "template": "here.yml", "stack_name": "Here"},
        "there": {"stack_name": "There"},
    }
    whole = {"name": "store", "regions": ["us-east-1"], "template": "template.yml"}
    rewrite(project, yaml.safe_dump({"project": whole, "tests": tests}))

    store = configs_in(project)["store"]

    assert store.templates == {"us-west-1": "here.yml", "us-east-1": "template.yml"}
    assert store.stacks == {"us-west-1": "Here", "us-east-1": "There"}


@pytest.mark.parametrize("missing", ["regions", "template"])
def test_a_test_that_does_not_say_what_or_where_is_refused(project: Path, missing: str) -> None:
    document = yaml.safe_load((project / "store" / ".taskcat.yml").read_text())
    del document["project"][missing]
    rewrite(project, yaml.safe_dump(document))

    with pytest.raises(CloudError, match=rf"store/.taskcat.yml: the test default has no {missing}"):
        configs_in(project)


@pytest.mark.parametrize("text", ["", "- 1", "project: [", "\x00"])
def test_a_taskcat_file_that_is_none_is_refused(project: Path, text: str) -> None:
    rewrite(project, text)

    with pytest.raises(CloudError, match=r"\.taskcat\.yml is not"):
        configs_in(project)


@pytest.mark.parametrize(
    "text", ["project: []\ntests: 1", "tests: [a]", "project: a", "tests: {a: }", "tests: {a: b}"]
)
def test_a_taskcat_file_of_another_shape_is_refused(project: Path, text: str) -> None:
    rewrite(project, text)

    with pytest.raises(CloudError, match=r"project and tests have to be maps|the test a has no"):
        configs_in(project)


def test_a_component_is_tested_with_what_it_needs_before_it(project: Path) -> None:
    needed = needed_for(configs_in(project), ["reader"])

    assert needed == {"refused": [], "reader": ["refused"]}
    assert list(needed) == ["refused", "reader"]


def test_all_are_tested_if_none_is_named(project: Path) -> None:
    chosen = list(needed_for(configs_in(project), []))

    assert sorted(chosen) == ["reader", "refused", "store"]
    assert chosen.index("refused") < chosen.index("reader")


def test_what_has_no_taskcat_file_is_named_in_vain(project: Path) -> None:
    with pytest.raises(UsageError, match=r"no untested/\.taskcat\.yml; there are reader, refused"):
        needed_for(configs_in(project), ["untested"])


def test_an_import_from_nobody_is_refused(project: Path) -> None:
    configs = configs_in(project)
    del configs["refused"]

    with pytest.raises(CloudError, match="reader imports Refused-Name, which no component exports"):
        needed_for(configs, [])
