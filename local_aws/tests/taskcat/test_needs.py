"""The order of the tests."""

import pytest

from local_aws.errors import CloudError, UsageError
from local_aws.taskcat import needs
from local_aws.taskcat.projects import Project


def test_a_component_needs_whose_exports_it_imports(projects: dict[str, Project]) -> None:
    assert needs.graph(projects) == {"reader": ["refused"], "refused": [], "store": []}


def test_a_component_is_tested_with_what_it_needs_after_it(projects: dict[str, Project]) -> None:
    assert list(needs.closure(projects, ["reader"])) == ["refused", "reader"]


def test_all_are_tested_if_none_is_named(projects: dict[str, Project]) -> None:
    chosen = list(needs.closure(projects, []))

    assert sorted(chosen) == sorted(projects)
    assert chosen.index("refused") < chosen.index("reader")


def test_what_has_no_taskcat_file_is_named_in_vain(projects: dict[str, Project]) -> None:
    with pytest.raises(UsageError, match=r"no untested/\.taskcat\.yml; there are reader, refused"):
        needs.closure(projects, ["untested"])


def test_an_import_from_nobody_is_refused(projects: dict[str, Project]) -> None:
    del projects["refused"]

    with pytest.raises(CloudError, match="reader imports Refused-Name, which no component exports"):
        needs.closure(projects, [])
