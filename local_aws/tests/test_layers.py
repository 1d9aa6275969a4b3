"""Imports go downwards only, so that each package can be read knowing those below it alone."""

import importlib

import grimp
import pytest

# From the top. What stands in one line does not import each other.
LAYERS = (
    "__main__",
    "cli",
    "verbs",
    "delivery | operations | preflight | taskcat | using",
    "cloud",
    "deploying",
    "clients",
    "servers",
    "project",
    "settings",
    "tools",
    "emulators | errors",
)


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("local_aws", include_external_packages=False, cache_dir=None)


def test_no_import_goes_upwards(graph: grimp.ImportGraph) -> None:
    layers = [grimp.Layer(*line.split(" | "), independent=True) for line in LAYERS]

    illegal = graph.find_illegal_dependencies_for_layers(layers, containers={"local_aws"})

    assert {(each.importer, each.imported) for each in illegal} == set()


def test_every_module_has_a_layer(graph: grimp.ImportGraph) -> None:
    known = {f"local_aws.{name}" for line in LAYERS for name in line.split(" | ")}

    assert graph.find_children("local_aws") == known


def test_every_package_says_what_it_is_for(graph: grimp.ImportGraph) -> None:
    packages = {name for name in graph.modules if graph.find_children(name)}

    assert packages >= {"local_aws.servers", "local_aws.project", "local_aws.deploying"}
    for name in packages:
        assert importlib.import_module(name).__doc__, name
