import json
import re

from sagemaker_endpoint.description import Description
from tests.templates import COMPONENT, parameters, template

TEXT = (COMPONENT / "README.md").read_text()


def test_the_example_of_a_description_is_one() -> None:
    (example,) = (
        block for block in re.findall(r"```json\n(.*?)```", TEXT, re.S) if "schema" in block
    )

    assert Description.from_json(example.encode()).name == json.loads(example)["name"]


def test_every_parameter_and_output_is_in_the_tables() -> None:
    for name in (*template()["Parameters"], *template()["Outputs"]):
        assert re.search(rf"^\|[^|]*`{name}`", TEXT, re.M), name


def test_the_endpoints_name_is_the_templates() -> None:
    name = template()["Parameters"]["EndpointName"]["Default"]

    assert f"| `EndpointName` | `{name}` |" in TEXT


def test_the_make_targets_exist() -> None:
    makefile = (COMPONENT / "Makefile").read_text()

    for target in re.findall(r"^make ([a-z]+)", TEXT, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_nowhere_is_the_stand_in_taken_for_inception_v3() -> None:
    assert "**EfficientNet-Lite2, which is\n  not Inception V3**" in TEXT


def test_every_environment_has_parameters() -> None:
    assert all(parameters(name) for name in ("test", "staging", "production"))
