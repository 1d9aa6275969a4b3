"""The command line: `python -m local_aws <verb>`."""

import argparse
import contextlib
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from local_aws import verbs
from local_aws.cloud import Cloud
from local_aws.errors import CloudError
from local_aws.settings import Settings
from local_aws.tools import given
from local_aws.tools.progress import Output, Progress, show
from local_aws.using import status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INTERRUPTED = 130
MOST_LINES = 100_000
NARROWEST = 80
FAILED = 1
# Ctrl-C, the end of the session or of make, and a terminal that is closed.
INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Their matrix has a column for each region; a pipe is taken for a terminal of 80 columns.
WIDE = {"deliver": 120, "taskcat": 120}


def parser(chosen: "Mapping[str, str]") -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Args:
        chosen: What the user has set by variables, which holds where the command line is silent.
    """
    whole = argparse.ArgumentParser(
        prog="local_aws",
        description="ImageLabeller's embedded cloud, and its deployment there and to AWS.",
    )
    verb = whole.add_subparsers(dest="verb", required=True, metavar="VERB")
    up = verb.add_parser("up", help="start the emulators and the model's endpoint")
    verb.add_parser("down", help="stop them")
    status = verb.add_parser("status", help="show what runs and what is deployed")
    logs = verb.add_parser("logs", help="show the functions' and the servers' logs")
    logs.add_argument("names", nargs="*", metavar="NAME", help="part of a log's name")
    logs.add_argument("-f", "--follow", action="store_true", help="keep printing new lines")
    logs.add_argument("--lines", type=int, help="how many of each log")
    deploy = verb.add_parser("deploy", help="deploy everything, or the named components")
    changes = verb.add_parser("changes", help="show what a deployment would change")
    verb.add_parser("preflight", help="check an account before anything is deployed")
    drift = verb.add_parser("drift", help="show what differs from its template")
    for some in (deploy, changes, drift):
        some.add_argument("components", nargs="*", metavar="COMPONENT")
        some.set_defaults(components=chosen.get("COMPONENT", "").split())
    verb.add_parser("destroy", help="delete ENVIRONMENT=test")
    verb.add_parser("requeue", help="let pictures that failed wait for their labels again")
    label = verb.add_parser("label", help="label pictures")
    label.add_argument("--url", help="public URL of a picture")
    label.add_argument("--file", help="picture on this machine, several, or a folder of them")
    demo = verb.add_parser("demo", help="start, deploy and label three photographs")
    demo.add_argument("--photos", type=Path, metavar="DIRECTORY", help="other photographs")
    verb.add_parser("env", help="print the variables that send the AWS CLI and SDKs here")
    repos = verb.add_parser("repos", help="split the tree into repositories with their history")
    repos.add_argument("--target", type=Path, help="where to (default: build/repos)")
    deliver = verb.add_parser("deliver", help="run the repositories' own pipelines, twice")
    deliver.add_argument(
        "--repositories", type=Path, help="deliver these as they are, without splitting the tree"
    )
    taskcat = verb.add_parser("taskcat", help="create every stack in every region with taskcat")
    taskcat.add_argument("components", nargs="*", metavar="COMPONENT", help="with all it needs")
    taskcat.set_defaults(components=chosen.get("COMPONENT", "").split())
    for starts in (up, demo):
        starts.add_argument("--model", type=Path, help="model package to serve (or MODEL=)")
    for shows in (status, logs, label):
        shows.add_argument("--json", action="store_true", help="print JSON")
        shows.set_defaults(json=given.answer(chosen, "JSON") or False)
    logs.set_defaults(
        names=chosen.get("NAME", "").split(),
        follow=given.answer(chosen, "FOLLOW") or False,
        lines=given.number(chosen, "LINES", MOST_LINES, "none"),
    )
    label.set_defaults(url=chosen.get("URL"), file=chosen.get("FILE"))
    whole.set_defaults(given=chosen)
    return whole


def main(arguments: "Sequence[str]", environ: "Mapping[str, str] | None" = None) -> int:
    """Run a verb.

    Args:
        arguments: The command line without the program's name.
        environ: Environment variables; this process's by default.

    Returns:
        The exit code: 0, 1 where something failed, 2 where the request is wrong, 130 after Ctrl-C.
    """
    errors = Console(stderr=True)
    for sign in INTERRUPTIONS:
        # nohup, and a shell that runs this in the background, have some of them ignored.
        if signal.getsignal(sign) is not signal.SIG_IGN:
            signal.signal(sign, _interrupt)
    environ = os.environ if environ is None else environ
    settings, chosen_by_user = None, given.variables(environ)
    try:
        chosen = parser(chosen_by_user).parse_args(arguments)
        settings = Settings.read(environ)
        if getattr(chosen, "model", None):
            settings = settings.serving(chosen.model)
        console = _console(chosen.verb)
        # Where a program reads the output, nothing else is in it.
        progress = Progress(errors if getattr(chosen, "json", False) else console)
        with progress.showing():
            return verbs.run(Cloud(settings, progress), console, chosen)
    except CloudError as error:
        show(errors, f"{error}", "red")
        return error.exit_code
    except (BotoCoreError, ClientError) as error:
        return _say(errors, explain(error, settings, on_aws=chosen_by_user.get("CLOUD") == "aws"))
    except KeyboardInterrupt:
        _say(errors, "Interrupted.")
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:  # noqa: BLE001 # nobody is helped by a traceback; it is kept for whoever repairs this
        kept = _keep_traceback(settings)
        return _say(errors, f"This is a bug in local_aws: {error!r}. {kept}")


def _console(verb: str) -> Console:
    """Return a console as wide as the verb's tables, which a narrower one would cut."""
    console, width = Output(), WIDE.get(verb, NARROWEST)
    # A terminal breaks what is too long for it.
    narrow = console.width < (NARROWEST if console.is_terminal else width)
    return Output(width=width) if narrow else console


def _reader_left() -> int:
    """Let nothing more be written to a pipe whose reader has seen enough, and return no error."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
    return 0


def _interrupt(_signal: int, _frame: object) -> NoReturn:
    """Let what is under way be stopped in order; nobody's second signal ends that half-way."""
    for sign in INTERRUPTIONS:
        signal.signal(sign, signal.SIG_IGN)
    raise KeyboardInterrupt


def _say(console: Console, text: str) -> int:
    # A terminal that was closed shows nothing more.
    with contextlib.suppress(OSError):
        show(console, text, "red")
    return FAILED


def explain(error: BotoCoreError | ClientError, settings: Settings | None, *, on_aws: bool) -> str:
    """Say what an AWS SDK's error means: the service refused something, or was not reached.

    Args:
        error: What the SDK raised.
        settings: Those of the embedded cloud, if they could be read.
        on_aws: Whether AWS was asked, and not the embedded cloud.
    """
    where = "AWS" if on_aws else "The embedded cloud"
    # Rarely a fault of its own: a server was killed, or hangs.
    if settings and not on_aws and (advice := status.advice(settings)):
        return advice
    if isinstance(error, ClientError):
        return f"{where} refused this: {error}"
    return f"{where} could not be asked: {error}"


def _keep_traceback(settings: Settings | None) -> str:
    if settings is not None:
        with contextlib.suppress(OSError):
            settings.logs.mkdir(parents=True, exist_ok=True)
            path = settings.logs / "local_aws.log"
            path.write_text(traceback.format_exc())
            return f"The traceback is in {path}"
    return ""
