"""Templates are read as CloudFormation reads them, as far as names go."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_aws import CloudError
from local_aws.project import templates


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("!Ref Name", {"Ref": "Name"}),
        ("!Condition IsSo", {"Condition": "IsSo"}),
        ("!GetAtt Thing.Arn.Deep", {"Fn::GetAtt": ["Thing", "Arn.Deep"]}),
        ("!GetAtt [Thing, Arn]", {"Fn::GetAtt": ["Thing", "Arn"]}),
        ('!Sub "${A}-b"', {"Fn::Sub": "${A}-b"}),
        ("!If [IsSo, !Ref A, 2]", {"Fn::If": ["IsSo", {"Ref": "A"}, 2]}),
        ('!ImportValue {"Fn::Sub": "${A}-b"}', {"Fn::ImportValue": {"Fn::Sub": "${A}-b"}}),
        ("2012-10-17", "2012-10-17"),
    ],
)
def test_short_forms_are_the_long_ones(tmp_path: Path, short: str, long: Any) -> None:
    assert templates.read(written(tmp_path / "t.yml", f"Key: {short}\n")) == {"Key": long}


def test_included_files_are_part_of_the_template(tmp_path: Path) -> None:
    include = "Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yml}}"
    written(tmp_path / "more.yml", "Table: {Type: T}\n")
    template = written(tmp_path / "t.yml", f"Resources:\n  {include}\n  Queue: {{Type: Q}}\n")

    assert templates.read(template) == {
        "Resources": {"Table": {"Type": "T"}, "Queue": {"Type": "Q"}}
    }
    (tmp_path / "more.yml").unlink()
    with pytest.raises(CloudError, match=r"more\.yml is missing"):
        templates.read(template)


def test_a_template_is_its_readers_own_and_as_it_is_now(tmp_path: Path) -> None:
    # given a template with an included file, and a reader that changes what it read
    include = "Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yml}}"
    included = written(tmp_path / "more.yml", "Table: {Names: [a]}\n")
    template = written(tmp_path / "t.yml", f"Resources:\n  {include}\n")
    templates.read(template)["Resources"]["Table"]["Names"].append("b")

    # when / then the next reader has what the files say, also after they have changed
    assert templates.read(template) == {"Resources": {"Table": {"Names": ["a"]}}}
    included.write_text("Table: {Names: [c]}\n")
    assert templates.read(template) == {"Resources": {"Table": {"Names": ["c"]}}}


def test_another_macro_stays_as_it_is(tmp_path: Path) -> None:
    macro = {"Fn::Transform": {"Name": "Mine", "Parameters": {"Location": "more.yml"}}}

    assert templates.read(written(tmp_path / "t.yml", f"Key: {macro}\n")) == {"Key": macro}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: [", "is not YAML"),
        ("- a\n", "is not a YAML map"),
        ("", "is not a YAML map"),
        ("a: !!python/object/apply:os.system [id]\n", "is not YAML"),
    ],
)
def test_what_is_no_template_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(CloudError, match=complaint):
        templates.read(written(tmp_path / "t.yml", text))


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(CloudError, match=r"t\.yml is missing"):
        templates.read(tmp_path / "t.yml")


def test_text_that_is_not_unicode_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.yml").write_bytes(b"a: \xff")

    with pytest.raises(CloudError, match="is not YAML"):
        templates.read(tmp_path / "t.yml")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Plain", "Plain"),
        ({"Ref": "Stack"}, "Other"),
        ({"Fn::Sub": "${Stack}-Name"}, "Other-Name"),
        ({"Fn::Sub": "${!Stack}-Name"}, "${Stack}-Name"),
        ({"Fn::Sub": ["${Mine}-Name", {"Mine": {"Ref": "Stack"}}]}, "Other-Name"),
        ({"Fn::Join": ["-", [{"Ref": "Stack"}, "Name"]]}, "Other-Name"),
        ({"Fn::Join": ["-", [{"Ref": "Unknown"}, "Name"]]}, None),
        ({"Fn::Sub": "${Thing.Arn}-Name"}, None),
        ({"Fn::Sub": ["${Mine}", {"Mine": {"Fn::GetAtt": ["A", "B"]}}]}, None),
        ({"Ref": "Unknown"}, None),
        ({"Fn::GetAtt": ["A", "B"]}, None),
        (7, "7"),
        (False, "false"),
        ({"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::Sub": "${Stack}/Name"}]}]}, "Name"),
        ({"Fn::Select": [0, {"Fn::Split": ["/", {"Ref": "Unknown"}]}]}, None),
        ([7], None),
    ],
)
def test_names_are_worked_out_where_they_depend_on_parameters_alone(
    value: Any, text: str | None
) -> None:
    assert templates.resolve(value, {"Stack": "Other"}) == text


def test_imports_are_found_wherever_they_are() -> None:
    template = {
        "Globals": {"Function": {"Variables": {"A": {"Fn::ImportValue": "a"}}}},
        "Resources": {"R": {"List": [1, {"Deep": {"Fn::ImportValue": {"Ref": "b"}}}]}},
    }

    assert list(templates.imports(template)) == ["a", {"Ref": "b"}]


def test_outputs_need_not_be_exported() -> None:
    outputs = {"A": {"Value": 1}, "B": {"Value": 2, "Export": {"Name": "b"}}}

    assert list(templates.exports({"Outputs": outputs})) == ["b"]
    assert list(templates.exports({})) == []


@given(st.text())
def test_no_text_but_the_placeholders_changes(text: str) -> None:
    literal = text.replace("$", "")

    assert templates.resolve({"Fn::Sub": literal}, {}) == literal
