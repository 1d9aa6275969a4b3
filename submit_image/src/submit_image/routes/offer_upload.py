"""POST /uploads: lets a client upload a picture."""

from collections.abc import Callable

from lambda_common.api import Outcome, Outcomes
from lambda_common.problems import InvalidRequest
from lambda_common.request import Request
from lambda_common.responses import Response
from submit_image.offering import Offer
from submit_image.times import to_text

MAX_BODY_LENGTH = 1024
EXAMPLE = '{"contentType": "image/jpeg", "contentLength": 123}'


class OfferUpload:
    """The route.

    Args:
        offer: Takes a media type and a size in bytes.
    """

    outcomes = Outcomes(
        done=Outcome("UploadsOffered", "Upload offered"),
        refused=Outcome("UploadsRefused", "Upload refused"),
        failed=Outcome("UploadsFailed", "Upload failed"),
    )

    def __init__(self, offer: Callable[[str, int], Offer]) -> None:
        self._offer = offer

    def __call__(self, request: Request) -> Response:
        """Offer an upload: 201, and the form by which it is made."""
        offer = self._offer(*described(request))
        request.log["upload_id"] = str(offer.upload_id)
        body = {
            "UploadId": str(offer.upload_id),
            "Url": offer.form.url,
            "Fields": offer.form.fields,
            "ExpiresAt": to_text(offer.expires_at),
            "MaxBytes": offer.max_bytes,
        }
        return Response(201, body)


def described(request: Request) -> tuple[str, int]:
    """Return the media type and the size in bytes of what is to be uploaded.

    Args:
        request: A POST with both in its body.

    Raises:
        InvalidRequest: One of them is missing, or there are other fields.
    """
    if request.query():
        raise InvalidRequest("POST /uploads takes no query.")
    match request.json(EXAMPLE, MAX_BODY_LENGTH):
        case {"contentType": str(content_type), "contentLength": length, **others} if not others:
            # JSON's true is an int, too.
            if type(length) is not int or length < 0:
                raise InvalidRequest("contentLength must be the file's size in bytes.")
            return content_type, length
        case _:
            raise InvalidRequest(f"The body must be a JSON object such as {EXAMPLE}.")
