from typing import Any
from uuid import UUID

import pytest

from lambda_common.request import Request
from submit_image.problems import InvalidImageId
from submit_image.routes.withdraw_image import WithdrawImage
from tests.lambda_common.support import api_request

ID = "f47ac10b-58cc-4372-a567-0e02b2c3d479"


def asked(**query: Any) -> Request:
    return Request(api_request("DELETE /submit-image", multiValueQueryStringParameters=query))


@pytest.mark.parametrize("text", [ID, ID.upper()])
def test_a_picture_is_withdrawn(text: str) -> None:
    withdrawn: list[UUID] = []
    request = asked(imageId=[text])

    response = WithdrawImage(withdrawn.append)(request)

    assert (response.status, response.body) == (204, None)
    assert withdrawn == [UUID(ID)]
    assert request.log == {"image_id": ID}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"imageId": []},
        {"imageId": [""]},
        {"imageId": [None]},
        {"imageId": ["nonsense"]},
        {"imageId": [f"{{{ID}}}"]},
        {"imageId": [f"../{ID}"]},
        {"imageId": [ID.replace("-", "")]},
        {"imageId": [ID, ID]},
        {"imageid": [ID]},
    ],
)
def test_what_is_no_id_withdraws_nothing(query: dict[str, Any]) -> None:
    withdrawn: list[UUID] = []

    with pytest.raises(InvalidImageId):
        WithdrawImage(withdrawn.append)(asked(**query))

    assert withdrawn == []
