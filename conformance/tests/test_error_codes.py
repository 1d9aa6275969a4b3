from pathlib import Path

import botocore.session
import pytest

from conformance import error_codes

PROGRAM = """
BUSY = frozenset({"ThrottlingException", "SlowDown"})

def look(client, error, status):
    if error.response["Error"]["Code"] == "NoSuchKey" or status == "Busy":
        return client.exceptions.ModelError
    if code(error) in BUSY:
        return "NotACode"
    return error.response["Error"]["Code"] in ("404", "Gone")
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM + 'S3 = session.client(\n    "s3",\n)\n')
    return path


def test_what_is_compared_with_a_code_is_found(program: Path) -> None:
    found = {(each.code, each.line) for each in error_codes.named(program)}

    assert found == {
        ("NoSuchKey", 5),
        ("ModelError", 6),
        ("ThrottlingException", 7),
        ("SlowDown", 7),
        ("404", 9),
        ("Gone", 9),
    }


def test_the_services_are_those_of_the_clients(program: Path) -> None:
    assert error_codes.services(program.parent) == ("s3",)


@pytest.mark.parametrize(
    ("code", "services", "there"),
    [
        ("ConditionalCheckFailedException", ("dynamodb",), True),
        ("ConditionalCheckFailedException", ("s3",), False),
        ("ConditionalCheckFailed", ("dynamodb",), False),
        ("ModelNotReadyException", ("sagemaker-runtime",), True),
        ("ModelError", ("sagemaker-runtime",), True),
        ("ThrottlingException", ("sagemaker-runtime",), True),
        ("SlowDown", ("s3",), True),
        ("SlowDown", ("dynamodb",), False),
        ("404", ("s3",), True),
        ("404", ("dynamodb",), False),
        ("RequestLimitExceeded", ("dynamodb",), True),
        ("AccessDenied", ("dynamodb",), False),
    ],
)
def test_a_code_exists_where_a_service_has_it(
    code: str, services: tuple[str, ...], *, there: bool
) -> None:
    assert error_codes.exists(code, services) is there


def test_a_code_of_s3_is_in_the_documentation_that_is_its_source() -> None:
    model = botocore.session.get_session().get_service_model("s3")
    source = error_codes.S3["NoSuchTagSet"]

    assert "NoSuchTagSet" in model.operation_model(source.split()[-1]).documentation


def test_no_code_is_listed_twice() -> None:
    assert not error_codes.COMMON & set(error_codes.S3)
    assert not error_codes.REPEATED & set(error_codes.S3)
