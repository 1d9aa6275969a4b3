import importlib
from pathlib import Path

import pytest

from deploy import parameters
from deploy.errors import DeployError

TEMPLATE = """
Parameters:
  Days: {Type: Number, Default: 030}
  Protected: {Type: String, Default: true}
  Name: {Type: String, Default: !Sub plain}
  Url: {Type: String, NoEcho: true, Default: ""}
  Needed: {Type: String}
Resources: {Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Name}}}
"""
HOSTILE = [
    "two words",
    " spaces ",
    "$HOME $(id) `id` ${x}",
    "a=b,c=d",
    '"',
    "'quoted'",
    '"quoted"',
    r"C:\path\ to\"here\'",
    "\\",
    "a\nb",
    "yes",
    "1e3",
    "file://etc/passwd",
    "ParameterKey=A,ParameterValue=B",
    "žluťoučký 🐕",
    "# no comment: {}",
    "",
]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "template.yml"
    path.write_text(TEMPLATE)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "test.yml"
    path.write_text("Needed: from the file\n")
    return path


def test_without_more_the_defaults_and_the_file_are_the_values(template: Path, file: Path) -> None:
    assert parameters.final(template, file, "") == {
        "Days": "030",
        "Protected": "true",
        "Name": "plain",
        "Needed": "from the file",
    }


def test_the_parameters_of_the_deployment_win(template: Path, file: Path) -> None:
    file.write_text("Needed: x\nDays: 7\n")

    values = parameters.final(template, file, "Days=8 Name='two words' Protected=")

    assert (values["Days"], values["Name"], values["Protected"]) == ("8", "two words", "")


def test_a_secret_is_handed_over_only_if_it_is_named(template: Path, file: Path) -> None:
    assert "Url" not in parameters.final(template, file, "")
    assert parameters.final(template, file, "Url=https://x")["Url"] == "https://x"


@pytest.mark.parametrize(
    ("text", "given", "complaint"),
    [
        ("Needed: x", "Dais=3", r"PARAMETERS names Dais, which .* It has Days, Name, Needed"),
        ("Nedeed: x", "", r"test.yml names Nedeed"),
        ("{}", "", r'no default for Needed: give PARAMETERS="Needed=…"'),
        ("Needed: [x]", "", "gives Needed a list or a map"),
        ("Needed: x", "Days", "Word 1 of PARAMETERS is not Name=value"),
        ("Needed: x", "Days=1 Days=2", "names Days twice"),
        ("Needed: x", "Name='x", "PARAMETERS cannot be read"),
        ("[x]", "", "is not a YAML map"),
        ("a: {", "", "is not YAML"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    template: Path, file: Path, text: str, given: str, complaint: str
) -> None:
    file.write_text(text)

    with pytest.raises(DeployError, match=complaint):
        parameters.final(template, file, given)


def test_a_secret_that_was_not_quoted_is_not_shown(template: Path, file: Path) -> None:
    with pytest.raises(DeployError) as refused:
        parameters.final(template, file, "Url=https://x/ secret key=secret")

    assert "secret" not in str(refused.value)


def test_a_file_that_is_missing_is_named(template: Path, tmp_path: Path) -> None:
    with pytest.raises(DeployError, match=r"none.yml is missing"):
        parameters.final(template, tmp_path / "none.yml", "")


@pytest.mark.parametrize("value", HOSTILE)
def test_the_sam_cli_reads_what_was_meant(tmp_path: Path, value: str) -> None:
    path = tmp_path / "parameters.yml"

    parameters.write({"Name": value, "Yes": "no"}, path)

    cli = importlib.import_module("samcli.cli.types").CfnParameterOverridesType()
    assert cli.convert(f"file://{path}", None, None) == {"Name": value, "Yes": "no"}
