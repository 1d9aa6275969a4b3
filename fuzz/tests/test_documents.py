import json
from pathlib import Path

import pytest

from fuzz import documents

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize("component", ["submit_image", "get_image_label"])
def test_what_is_left_is_openapi_and_wants_the_key(component: str) -> None:
    document = documents.read(PROJECT / component / "openapi.yml", "AnApi")

    text = json.dumps(document)
    assert "Fn::" not in text
    assert "x-amazon" not in text
    assert '"Ref"' not in text
    assert document["info"]["title"] == "AnApi"
    assert list(document["components"]["securitySchemes"]) == ["ApiKey"]
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert operations
    assert all(operation["security"] == [{"ApiKey": []}] for operation in operations)
