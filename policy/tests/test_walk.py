from typing import Any

import pytest

from template_rules import walk


def test_statements_are_found_anywhere() -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject"}
    document = {"Statement": [{"Fn::If": ["Has", statement, {"Ref": "AWS::NoValue"}]}]}
    template = {"Resources": {"Role": {"Properties": {"Policies": [{"PolicyDocument": document}]}}}}

    [(path, found)] = walk.statements(template)

    assert found is statement
    assert path[:2] == ["Resources", "Role"]


def test_statements_in_text_are_found() -> None:
    text = '{"Statement": [{"Effect": "Deny", "NotAction": "sts:${Name}"}]}'

    [(_, found)] = walk.statements({"Resources": {"Role": {"Policy": {"Fn::Sub": text}}}})

    assert found == {"Effect": "Deny", "NotAction": "sts:${Name}"}


@pytest.mark.parametrize("text", ["", "{", '"Statement"', '{"Statement": ${Parameter}}'])
def test_text_that_is_no_policy_is_passed_over(text: str) -> None:
    assert not list(walk.statements({"Resources": {"Role": {"Policy": text}}}))


@pytest.mark.parametrize(
    ("node", "found"),
    [
        ({"Ref": "Bucket"}, {"Bucket"}),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, {"Bucket"}),
        ({"Fn::GetAtt": "Bucket.Arn"}, {"Bucket"}),
        ([{"Fn::Sub": "${Bucket.Arn}/${Key}"}], {"Bucket", "Key"}),
        ("Bucket", set()),
        (None, set()),
    ],
)
def test_references_are_the_logical_ids_that_a_value_names(node: Any, found: set[str]) -> None:
    assert walk.references(node) == found


@pytest.mark.parametrize("resource", [{}, {"Properties": None}, {"Properties": {"Ref": "A"}}])
def test_properties_that_are_not_written_out_are_a_map(resource: dict[str, Any]) -> None:
    assert isinstance(walk.properties(resource), dict)
