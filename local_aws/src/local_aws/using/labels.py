"""`make label`: labels the pictures that the user names, by the client of the API."""

from typing import TYPE_CHECKING

from rich.console import Console

from local_aws.errors import UsageError
from local_aws.tools.progress import show
from local_aws.using import api, pictures

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from local_aws.cloud import Cloud

FAILED = 1


def label(cloud: "Cloud", _: Console, chosen: "argparse.Namespace") -> int:
    """Label pictures.

    Args:
        cloud: The cloud.
        _: The client prints by itself.
        chosen: The command line: `url` or `file`, and `json`.

    Returns:
        The client's exit code: 0, or 1 where a picture got no label.

    Raises:
        UsageError: If no picture is named, or one that is not there.
        CloudError: If the application is not deployed.
    """
    wanted = _wanted(chosen, cloud.progress.say)
    connection = api.connection(cloud)
    from imagelabeller import cli  # noqa: PLC0415 # few verbs need it

    # Whoever changes the application or its model wants to see what it says now.
    words = ["label", "--again", "--state", str(cloud.settings.state / "client")]
    words += ["--json", "--quiet"] if chosen.json else []
    with cloud.progress.hidden():
        code = cli.main([*words, "--", *wanted], connection=connection)
    if code == FAILED and not chosen.json:
        show(Console(stderr=True), "make logs shows what the application did.")
    return code


def _wanted(chosen: "argparse.Namespace", say: "Callable[[str], object]") -> list[str]:
    """Return the pictures, as the client names them: files, or a URL."""
    if bool(chosen.url) == bool(chosen.file):
        raise UsageError("Name a picture: make label FILE=photo.jpg or URL=https://…")
    if not chosen.url:
        return [str(path) for path in pictures.named(chosen.file, say)]
    if not chosen.url.lower().startswith(("http://", "https://")):
        raise UsageError(f"{pictures.printable(chosen.url)} is not a URL: URL=https://…")
    return [chosen.url]
