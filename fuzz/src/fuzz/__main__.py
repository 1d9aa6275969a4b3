"""`python -m fuzz`: fuzzes a deployed API and tells what was tried.

Environment variables: SUBMIT_IMAGE_API and GET_IMAGE_LABEL_API, the URLs of the routes;
API_KEY, the key that opens both; IMAGE_URLS and IMAGE_IDS, what exists there,
separated by spaces; MAX_EXAMPLES, how many cases are made up for each operation (500).
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from fuzz.run import Api, fuzz

PROJECT = Path(__file__).resolve().parents[3]
APIS = {"GetImageLabel": "get_image_label", "SubmitImage": "submit_image"}


def main(environ: Mapping[str, str]) -> int:
    """Fuzz both APIs, one after the other.

    Args:
        environ: The environment variables.

    Returns:
        0 if every case passed in both and each API was really reached, 1 otherwise.
    """
    failed = False
    for title, component in APIS.items():
        name = component.upper()
        api = Api(
            title,
            PROJECT / component / "openapi.yml",
            environ[f"{name}_API"].rpartition("/")[0],
            environ.get("API_KEY", ""),
            tuple(environ.get("IMAGE_IDS", "").split()),
        )
        outcome = fuzz(api, int(environ.get("MAX_EXAMPLES", "500")))
        sys.stdout.write(f"{outcome}\n" if outcome.passed else f"{outcome.output}\n{outcome}\n")
        failed = failed or not outcome.passed
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(os.environ))
