"""DELETE /submit-image: deletes a picture and what is known about it."""

from collections.abc import Callable
from uuid import UUID

from lambda_common.api import Outcome, Outcomes
from lambda_common.request import Request
from lambda_common.responses import Response
from submit_image import ids
from submit_image.problems import InvalidImageId


class WithdrawImage:
    """The route.

    Args:
        withdraw: Deletes the picture with an id.
    """

    outcomes = Outcomes(
        done=Outcome("ImagesWithdrawn", "Image withdrawn"),
        refused=Outcome("WithdrawalsRefused", "Withdrawal refused"),
        failed=Outcome("WithdrawalsFailed", "Withdrawal failed"),
    )

    def __init__(self, withdraw: Callable[[UUID], None]) -> None:
        self._withdraw = withdraw

    def __call__(self, request: Request) -> Response:
        """Withdraw a picture: 204, also where it is gone already."""
        image_id = image_id_of(request)
        request.log["image_id"] = str(image_id)
        self._withdraw(image_id)
        return Response(204, None)


def image_id_of(request: Request) -> UUID:
    """Read the id of the picture that is withdrawn.

    Args:
        request: A DELETE with the parameter `imageId`.

    Raises:
        InvalidImageId: The id is missing, given twice or not the canonical text of a UUID.
    """
    match request.query().get("imageId"):
        case [text] if image_id := ids.parsed(text):
            return image_id
        case _:
            raise InvalidImageId(
                "The query must give imageId once: the ImageId that submitting the image returned."
            )
