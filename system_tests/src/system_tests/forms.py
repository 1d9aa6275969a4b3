"""Files that are sent to S3 by a form, as a browser does it."""

from collections.abc import Mapping
from typing import Any

import requests


def send(offer: Mapping[str, Any], content: bytes, timeout: float, **changed: str) -> int:
    """Send a file by the form of an offer.

    Args:
        offer: The answer of POST /uploads.
        content: The file.
        timeout: Seconds that may pass without a byte.
        **changed: Fields of the form with other values, `_` for `-`.

    Returns:
        The HTTP status of S3's answer.
    """
    fields = offer["Fields"] | {name.replace("_", "-"): value for name, value in changed.items()}
    response = requests.post(
        offer["Url"], data=fields, files={"file": ("picture", content)}, timeout=timeout
    )
    return response.status_code
