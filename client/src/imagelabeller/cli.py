"""The command line: `imagelabeller <verb>`."""

import argparse
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NoReturn

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import imagelabeller
from imagelabeller import documents, pictures
from imagelabeller.auth import AuthMode
from imagelabeller.client import LABEL_SECONDS, Client, Connection
from imagelabeller.errors import (
    ConfigurationError,
    FileError,
    ForbiddenError,
    ImageLabellerError,
    ThrottledError,
    UnreachableError,
)
from imagelabeller.labelling import Labelling, Result
from imagelabeller.output import Choice, Messages, Output, Report, show
from imagelabeller.running import Run, Stop
from imagelabeller.settings import Settings
from imagelabeller.store import Store

SUCCESS, FAILED, USAGE, UNREACHABLE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 4, 130
CODES = f"""
exit codes:
  {SUCCESS}    every picture has its labels
  {FAILED}    some pictures have none: the reasons are on standard error, or in the JSON
  {USAGE}    the command line, a file that it names, or the configuration is wrong
  {UNREACHABLE}    the API does not answer
  {REFUSED}    the API refuses the caller: the key, the credentials, or the quota
  {INTERRUPTED}  it was interrupted: the same command goes on where it stopped
"""
VARIABLES = """
environment variables:
  IMAGELABELLER_API_KEY       the API key
  IMAGELABELLER_API           address that both APIs share, such as the website's
  IMAGELABELLER_SUBMIT_API    otherwise the stacks' outputs SubmitImageAPI …
  IMAGELABELLER_LOOKUP_API    … and GetImageLabelAPI
  IMAGELABELLER_AUTH_MODE     ApiKey, IAM or None
  IMAGELABELLER_CLIENT_STATE  directory for what was submitted already
Without an address, the API and its key are found by the stacks' names (imagelabeller[aws]).
"""
JOBS, MOST_JOBS = 4, 64
MOST_SECONDS = 86_400
# Answers to what was sent come within seconds.
GRACE_SECONDS = 10.0
# Ctrl-C, the end of the session, and a terminal that is closed.
INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    whole = argparse.ArgumentParser(
        prog="imagelabeller",
        description="Says what is in a picture.",
        epilog=CODES + VARIABLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument(
        "--version", action="version", version=f"imagelabeller {imagelabeller.__version__}"
    )
    verbs = whole.add_subparsers(dest="verb", required=True, metavar="VERB")
    common = _common()
    label = verbs.add_parser(
        "label",
        help="label pictures",
        description="Submits pictures, waits for their labels and shows them.",
        epilog=CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    label.add_argument("pictures", nargs="+", metavar="PICTURE", help="file, folder or URL")
    label.add_argument(
        "--jobs",
        "-j",
        type=_number(1, MOST_JOBS),
        default=JOBS,
        metavar="N",
        help=f"how many pictures at a time (default: {JOBS})",
    )
    label.add_argument(
        "--timeout",
        type=_number(1, MOST_SECONDS),
        default=LABEL_SECONDS,
        metavar="SECONDS",
        help=f"how long to wait for the labels of a picture (default: {LABEL_SECONDS:.0f})",
    )
    label.add_argument(
        "--again", action="store_true", help="label once more what has labels already"
    )
    label.add_argument("--quiet", "-q", action="store_true", help="show no progress")
    label.add_argument("--state", metavar="DIRECTORY", help="for what was submitted already")
    for verb in (
        label,
        verbs.add_parser("show", help="show what is known about an image", parents=[common]),
    ):
        verb.add_argument("--json", action="store_true", help="print JSON, one object per line")
        verb.add_argument(
            "--threshold",
            type=_confidence,
            default=0.0,
            metavar="CONFIDENCE",
            help="show labels of at least this confidence, from 0 to 1",
        )
        verb.add_argument("--top", type=_number(1, 1000), metavar="N", help="show at most N labels")
    verbs.choices["show"].add_argument("image", type=_id, metavar="ID", help="the image's id")
    withdraw = verbs.add_parser(
        "withdraw", help="delete images and their labels for ever", parents=[common]
    )
    withdraw.add_argument("images", nargs="+", type=_id, metavar="ID", help="an image's id")
    withdraw.add_argument("--state", metavar="DIRECTORY", help=argparse.SUPPRESS)
    return whole


def main(
    arguments: Sequence[str],
    environ: Mapping[str, str] | None = None,
    connection: Connection | None = None,
) -> int:
    """Run a verb.

    Args:
        arguments: The command line without the program's name.
        environ: Environment variables; this process's by default.
        connection: Where the API is; by the command line and the environment by default.

    Returns:
        The exit code.

    Raises:
        SystemExit: If the command line is wrong, or asks for help or the version.
        KeyboardInterrupt: If it is interrupted before there is anything to report.
    """
    environ = os.environ if environ is None else environ
    errors = Messages()
    chosen = parser().parse_args(arguments)
    try:
        settings = Settings.read(environ, vars(chosen))
        verb: Callable[..., int] = {"label": _label, "show": _show, "withdraw": _withdraw}[
            chosen.verb
        ]
        return verb(chosen, settings, connection, Output(), errors)
    except ImageLabellerError as error:
        return _say(errors, error)


def _label(
    chosen: argparse.Namespace,
    settings: Settings,
    connection: Connection | None,
    console: Console,
    errors: Console,
) -> int:
    wanted = pictures.named(chosen.pictures, lambda text: show(errors, text))
    connection = connection or settings.connection()
    stop = Stop()
    client = Client(connection, pause=stop.pause)
    store = Store.of_user(connection.submit, settings.state)
    labelling = Labelling(client, store, again=chosen.again, timeout=chosen.timeout)
    report = Report(console, errors, _choice(chosen), len(wanted))
    with store, _progress(errors, len(wanted), quiet=chosen.quiet) as advance:
        run = Run(labelling.label, wanted, chosen.jobs, stop, advance)
        run.start()
        code = _follow(run, report, errors)
    report.end()
    labelled, unfinished = report.count(Result.LABELLED), report.count(Result.UNFINISHED)
    if len(wanted) > 1 and labelled < len(wanted) and not chosen.quiet:
        left = f", {unfinished} left for the next run" if unfinished else ""
        failed = report.count(Result.FAILED)
        show(errors, f"{labelled} labelled, {failed} failed{left}.")
    if code == INTERRUPTED:
        show(errors, "The same command goes on where this one stopped.")
        return code
    if run.error and not isinstance(run.error, ImageLabellerError):
        raise run.error
    if run.error:
        return _say(errors, run.error)
    return FAILED if report.count(Result.FAILED) else SUCCESS


def _follow(run: Run, report: Report, errors: Console) -> int:
    """Show outcomes as they come, and the rest of them after an interruption."""
    try:
        for outcome in run.outcomes():
            report.add(outcome)
    except KeyboardInterrupt:
        with contextlib.suppress(KeyboardInterrupt):
            show(errors, "Interrupted: waiting for the answers to what was sent.")
            run.stop(GRACE_SECONDS)
        for outcome in run.outcomes(since=len(report.shown), wait=False):
            report.add(outcome)
        return INTERRUPTED
    except OSError:
        # Nobody reads the results any more, or the disk is full.
        run.stop(GRACE_SECONDS)
        raise
    return SUCCESS


def _show(
    chosen: argparse.Namespace,
    settings: Settings,
    connection: Connection | None,
    console: Console,
    errors: Console,
) -> int:
    image = Client(connection or settings.connection()).look_up(chosen.image)
    choice = _choice(chosen)
    if choice.as_json:
        document = documents.of_image(image, choice.threshold, choice.top)
        show(console, json.dumps(document))
        return SUCCESS
    for line in Report(console, errors, choice, 1).lines(image):
        show(console, line)
    return SUCCESS


def _withdraw(
    chosen: argparse.Namespace,
    settings: Settings,
    connection: Connection | None,
    console: Console,
    _: Console,
) -> int:
    connection = connection or settings.connection()
    client = Client(connection)
    with Store.of_user(connection.submit, settings.state) as store:
        for image in chosen.images:
            client.withdraw(image)
            store.forget(image)
            show(console, f"{pictures.printable(image)} is withdrawn.")
    return SUCCESS


def _common() -> argparse.ArgumentParser:
    """Return the options that say where the API is."""
    common = argparse.ArgumentParser(add_help=False)
    group = common.add_argument_group("where the API is")
    group.add_argument("--api", metavar="URL", help="address that both APIs share")
    group.add_argument("--submit-api", metavar="URL", help="the stacks' output SubmitImageAPI …")
    group.add_argument(
        "--lookup-api", metavar="URL", dest="look_up_api", help="… and GetImageLabelAPI"
    )
    group.add_argument("--auth-mode", choices=list(AuthMode), help="who may call it")
    group.add_argument("--region", help="AWS region of its stacks")
    group.add_argument("--submit-stack", metavar="NAME", help="name of submit_image's stack")
    group.add_argument(
        "--lookup-stack",
        metavar="NAME",
        dest="look_up_stack",
        help="name of get_image_label's stack",
    )
    return common


def _choice(chosen: argparse.Namespace) -> Choice:
    return Choice(chosen.json, chosen.threshold, chosen.top)


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal()) or not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a whole number from {lowest} to {highest}."
            )
        return int(text)

    return read


def _id(text: str) -> str:
    if not text or not pictures.is_text(text):
        raise argparse.ArgumentTypeError(f"'{pictures.printable(text)}' is no image's id.")
    return text


def _confidence(text: str) -> float:
    try:
        confidence = float(text)
    except ValueError:
        confidence = -1
    if not 0 <= confidence <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1.")
    return confidence


@contextlib.contextmanager
def _progress(errors: Console, number: int, *, quiet: bool) -> Iterator[Callable[[object], object]]:
    """Show how many pictures are done, on a terminal."""
    columns = (
        TextColumn("labelling"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    disabled = quiet or not errors.is_terminal
    with Progress(*columns, console=errors, transient=True, disable=disabled) as progress:
        task = progress.add_task("labelling", total=number)
        yield lambda _: progress.advance(task)


def _say(errors: Console, error: Exception) -> int:
    """Say what is wrong, and return its exit code."""
    show(errors, pictures.printable(str(error)), "red")
    match error:
        case ConfigurationError() | FileError():
            return USAGE
        case UnreachableError():
            return UNREACHABLE
        case ForbiddenError() | ThrottledError():
            return REFUSED
    return FAILED


def run() -> NoReturn:
    """Run the program: the exit code is all that is left, whatever happens."""
    for sign in INTERRUPTIONS:
        # nohup, and a shell that runs this in the background, have some of them ignored.
        if signal.getsignal(sign) is not signal.SIG_IGN:
            signal.signal(sign, signal.default_int_handler)
    code = FAILED
    try:
        try:
            code = main(sys.argv[1:])
        finally:
            if sys.stdout:  # None where it was closed
                sys.stdout.flush()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else FAILED
    except KeyboardInterrupt:
        _last_words("Interrupted.")
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever reads this has seen enough, as `head` does.
        code = SUCCESS
    except OSError as error:
        _last_words(f"The results cannot be written: {error.strerror}.")
    except Exception as error:  # noqa: BLE001 # nobody is helped by a traceback
        _last_words(f"This is a bug in imagelabeller: {error!r}.")
    # No thread is waited for.
    os._exit(code)


def _last_words(text: str) -> None:
    # A terminal that was closed shows nothing more.
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)  # noqa: T201
