"""The order of deployment follows from imports and exports."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_aws import CloudError
from local_aws.project import order
from local_aws.project.components import Component


class Written(Component):
    """A component whose template is given instead of read."""

    def __init__(
        self, name: str, template: dict[str, Any], artifacts: tuple[str, ...] = ()
    ) -> None:
        super().__init__(Path("/project") / name, name.capitalize(), artifacts)
        self.__dict__["template"] = template


def component(
    name: str, *, needs: tuple[str, ...] = (), offers: tuple[str, ...] = (), **rest: Any
) -> Written:
    resources = {f"R{n}": {"Fn::ImportValue": need} for n, need in enumerate(needs)}
    outputs = {
        output: {"Export": {"Name": {"Fn::Sub": f"${{AWS::StackName}}-{output}"}}}
        for output in offers
    }
    return Written(name, {"Resources": resources, "Outputs": outputs}, **rest)


def graph(*components: Component, **values: dict[str, str]) -> dict[str, dict[str, str]]:
    return order.graph(components, {c.name: values.get(c.name, {}) for c in components})


def test_who_imports_comes_after_who_exports() -> None:
    storage = component("storage", offers=("Bucket",))
    submit = component("submit", needs=("Storage-Bucket",))

    assert graph(submit, storage) == {"submit": {"storage": "Storage-Bucket"}, "storage": {}}


def test_the_parameter_with_the_stack_s_name_decides() -> None:
    submit = Written("submit", {"R": {"Fn::ImportValue": {"Fn::Sub": "${StackName}-Bucket"}}})
    one = component("one", offers=("Bucket",))
    other = component("other", offers=("Bucket",))

    assert graph(submit, one, other, submit={"StackName": "Other"})["submit"] == {
        "other": "Other-Bucket"
    }


def test_who_uploads_a_package_comes_after_the_bucket_for_it() -> None:
    storage = component("storage", offers=("CodeBucketName",))
    echo = component("echo", artifacts=("package.zip",))

    assert graph(storage, echo)["echo"] == {"storage": "Storage-CodeBucketName"}


def test_the_model_is_not_uploaded_to_a_bucket_of_another_emulator() -> None:
    storage = component("storage", offers=("CodeBucketName",))
    template = {"Resources": {"Model": {"Type": "AWS::SageMaker::Model"}}}
    endpoint = Written("endpoint", template, ("model.tar.gz",))

    assert graph(storage, endpoint)["endpoint"] == {}


def test_an_export_that_a_component_lacks_is_named() -> None:
    storage = component("storage", offers=("Bucket",))
    submit = component("submit", needs=("Storage-Table",))

    with pytest.raises(
        CloudError, match="submit imports Storage-Table, but storage exports no Table"
    ):
        graph(storage, submit)


def test_an_export_that_nobody_has_is_named() -> None:
    with pytest.raises(CloudError, match="submit imports Else-Table, which no component exports"):
        graph(component("submit", needs=("Else-Table",)))


def test_two_may_not_export_the_same() -> None:
    one = Written("one", {"Outputs": {"A": {"Export": {"Name": "Same"}}}})
    other = Written("other", {"Outputs": {"A": {"Export": {"Name": "Same"}}}})

    with pytest.raises(CloudError, match="one and other both export Same"):
        graph(one, other)


def test_components_that_need_each_other_are_named_in_a_circle() -> None:
    one = component("one", offers=("A",), needs=("Other-A",))
    other = component("other", offers=("A",), needs=("One-A",))

    with pytest.raises(CloudError, match=r"(one → other → one|other → one → other)"):
        graph(one, other)


def test_a_name_that_is_known_only_after_the_deployment_is_refused() -> None:
    submit = Written("submit", {"R": {"Fn::ImportValue": {"Fn::GetAtt": ["A", "B"]}}})

    with pytest.raises(CloudError, match="depends on more than parameters"):
        graph(submit)


@given(st.lists(st.sets(st.integers(0, 7)), min_size=1, max_size=8))
def test_a_chain_of_any_shape_has_an_order(needs: list[set[int]]) -> None:
    components = [
        component(
            f"c{number}",
            offers=("A",),
            needs=tuple(f"C{need}-A" for need in wanted if need < number),
        )
        for number, wanted in enumerate(needs)
    ]

    edges = graph(*components)

    assert all(
        set(edges[f"c{number}"]) == {f"c{need}" for need in wanted if need < number}
        for number, wanted in enumerate(needs)
    )


def test_pipelines_run_in_the_listed_order_where_nothing_is_needed() -> None:
    edges: dict[str, tuple[str, ...]] = {"alarms": ("echo",), "storage": (), "echo": ("storage",)}

    assert order.sequence(edges) == ("storage", "echo", "alarms")
    assert order.sequence({"b": (), "a": ()}) == ("b", "a")
