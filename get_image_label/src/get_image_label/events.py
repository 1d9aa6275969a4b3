"""What a caller asks for, from an API Gateway event or a direct invocation."""

import re
from collections.abc import Mapping
from typing import Any

from get_image_label.problems import InvalidImageId

# The canonical text of RFC 9562, section 4; `uuid.UUID` takes braces and `urn:uuid:` as well.
UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

EXAMPLE = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"


def is_api_request(event: object) -> bool:
    """Tell whether an event comes from API Gateway rather than from a direct invocation.

    Args:
        event: The event as Lambda delivers it.

    Returns:
        True where the answer has to be an API Gateway proxy response.
    """
    return isinstance(event, Mapping) and "httpMethod" in event


def image_id_of(event: object) -> str:
    """Read the id of the image that an event asks for.

    Args:
        event: API Gateway's proxy event with the query parameter `imageId`, or
            `{"imageId": "<uuid>"}`.

    Returns:
        The id in lower case, which is how RFC 9562 writes it and how it is stored.

    Raises:
        InvalidImageId: The id is missing, given twice or not the canonical text of a UUID.
    """
    values = _query_values(event) if is_api_request(event) else _direct_values(event)
    match values:
        case [str(text)] if UUID.fullmatch(text):
            return text.lower()
        case []:
            raise InvalidImageId(f"imageId is missing: pass one, such as {EXAMPLE}.")
        case [_]:
            raise InvalidImageId(
                f"imageId must be a UUID in its canonical form, such as {EXAMPLE}: "
                "pass the ImageId that submitting the image returned."
            )
        case _:
            raise InvalidImageId("imageId is given more than once: pass one.")


def _query_values(event: Any) -> list[object]:
    several = event.get("multiValueQueryStringParameters")
    if isinstance(several, Mapping) and isinstance(several.get("imageId"), list):
        return list(several["imageId"])
    return _direct_values(event.get("queryStringParameters"))


def _direct_values(fields: object) -> list[object]:
    present = isinstance(fields, Mapping) and fields.get("imageId") is not None
    return [fields["imageId"]] if present else []  # type: ignore[index] # present means a mapping
