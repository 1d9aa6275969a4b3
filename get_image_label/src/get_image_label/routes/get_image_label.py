"""GET /get-image-label: what is known about an image."""

import re
from collections.abc import Callable, Iterable, Mapping

from get_image_label.problems import InvalidImageId
from get_image_label.records import Body
from get_image_label.row import Status
from lambda_common.api import Outcome, Outcomes
from lambda_common.request import Request
from lambda_common.responses import Response

# The canonical text of RFC 9562, section 4; `uuid.UUID` takes braces and `urn:uuid:` as well.
UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

# With the case of its letters left aside.
MEANT = ("id", "imageid", "uploadid")
EXAMPLE = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
# Labels take a second or two; a serverless endpoint that has to start takes longer.
WAITING = {"Retry-After": "2"}


class GetImageLabel:
    """The route.

    Args:
        look_up: Takes an image's id and returns what is known about it, or raises a Problem.
    """

    outcomes = Outcomes(
        done=Outcome("ImagesLookedUp", "Image looked up"),
        refused=Outcome("LookUpsRefused", "Look-up refused"),
        failed=Outcome("LookUpsFailed", "Look-up failed"),
    )

    def __init__(self, look_up: Callable[[str], Body]) -> None:
        self._look_up = look_up

    def __call__(self, request: Request) -> Response:
        """Look an image up: 200; `Retry-After` says when to ask again about one that waits."""
        body = self._look_up(image_id_of(request))
        request.log |= {"image_id": body["ImageId"], "status": body["Status"]}
        return Response(200, body, WAITING if body["Status"] == Status.NOT_CLASSIFIED else {})


def image_id_of(request: Request) -> str:
    """Read the id of the image that is asked for.

    Args:
        request: A GET with the parameter `imageId`, or a direct invocation with
            `{"imageId": "<uuid>"}`.

    Returns:
        The id in lower case, which is how RFC 9562 writes it and how it is stored.

    Raises:
        InvalidImageId: The id is missing, given twice or not the canonical text of a UUID.
    """
    fields = _direct(request.payload()) if request.is_direct else request.query()
    match [value for value in fields.get("imageId", ()) if value is not None]:
        case [str(text)] if UUID.fullmatch(text):
            return text.lower()
        case [] if meant := _misnamed(fields):
            raise InvalidImageId(f"The parameter is called imageId, not {meant}.")
        case []:
            raise InvalidImageId(f"imageId is missing: pass one, such as {EXAMPLE}.")
        case [_]:
            raise InvalidImageId(
                f"imageId must be a UUID in its canonical form, such as {EXAMPLE}: "
                "pass the ImageId that submitting the image returned."
            )
        case _:
            raise InvalidImageId("imageId is given more than once: pass one.")


def _direct(payload: object) -> dict[str, list[object]]:
    members = payload.items() if isinstance(payload, Mapping) else ()
    return {name: [value] for name, value in members}


def _misnamed(names: Iterable[str]) -> str | None:
    """Return the name that somebody gave the id, such as the ImageId of SubmitImage's answer."""
    others = (name for name in names if name != "imageId")
    return next((name for name in others if str(name).lower().replace("_", "") in MEANT), None)
