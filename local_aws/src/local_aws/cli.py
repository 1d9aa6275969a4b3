"""The command line: `python -m local_aws <verb>`."""

import argparse
import contextlib
import signal
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from local_aws import status, verbs
from local_aws.cloud import Cloud
from local_aws.errors import CloudError
from local_aws.progress import Progress
from local_aws.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INTERRUPTED = 130
FAILED = 1


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    whole = argparse.ArgumentParser(
        prog="local_aws", description="ImageLabeller's embedded cloud: everything on this machine."
    )
    verb = whole.add_subparsers(dest="verb", required=True, metavar="VERB")
    up = verb.add_parser("up", help="start the emulators and the model's endpoint")
    verb.add_parser("down", help="stop them")
    verb.add_parser("status", help="show what runs and what is deployed")
    logs = verb.add_parser("logs", help="show the functions' and the servers' logs")
    logs.add_argument("names", nargs="*", metavar="NAME", help="part of a log's name")
    logs.add_argument("-f", "--follow", action="store_true", help="go on with what is written next")
    deploy = verb.add_parser("deploy", help="deploy everything, or the named components")
    changes = verb.add_parser("changes", help="show what a deployment would change")
    drift = verb.add_parser("drift", help="show what is no longer as its template says")
    for some in (deploy, changes, drift):
        some.add_argument("components", nargs="*", metavar="COMPONENT")
    verb.add_parser("destroy", help="delete ENVIRONMENT=test")
    label = verb.add_parser("label", help="label a picture")
    source = label.add_mutually_exclusive_group(required=True)
    source.add_argument("--url", help="public URL of a picture")
    source.add_argument("--file", type=Path, help="picture on this machine")
    demo = verb.add_parser("demo", help="start, deploy and label three photographs")
    demo.add_argument("--photos", type=Path, metavar="DIRECTORY", help="other photographs")
    verb.add_parser("env", help="print the variables that send the AWS CLI and SDKs here")
    for starts in (up, demo):
        starts.add_argument("--model", type=Path, help="model package to serve (or MODEL=)")
    return whole


def main(arguments: "Sequence[str]", environ: "Mapping[str, str] | None" = None) -> int:
    """Run a verb.

    Args:
        arguments: The command line without the program's name.
        environ: Environment variables; this process's by default.

    Returns:
        The exit code: 0, 1 where something failed, 2 where the request is wrong, 130 after Ctrl-C.
    """
    chosen = parser().parse_args(arguments)
    console, errors = Console(), Console(stderr=True)
    signal.signal(signal.SIGTERM, _interrupt)
    settings = None
    try:
        settings = Settings.read(environ)
        if getattr(chosen, "model", None):
            settings = settings.serving(chosen.model)
        progress = Progress(console)
        with progress.showing():
            return verbs.run(Cloud(settings, progress), console, chosen)
    except CloudError as error:
        errors.print(f"{error}", style="red", markup=False, highlight=False, soft_wrap=True)
        return error.exit_code
    except (BotoCoreError, ClientError) as error:
        # Rarely a fault of its own: a server was killed, or hangs.
        advice = status.advice(settings) if settings else None
        return _say(errors, advice or f"An emulator refused this: {error}")
    except KeyboardInterrupt:
        _say(errors, "Interrupted.")
        return INTERRUPTED
    except BrokenPipeError:
        return FAILED
    except Exception as error:  # noqa: BLE001 # nobody is helped by a traceback; it is kept for whoever mends this
        kept = _keep_traceback(settings)
        return _say(errors, f"This is a fault of local_aws: {error!r}. {kept}")


def _interrupt(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _say(console: Console, text: str) -> int:
    console.print(text, style="red", markup=False, highlight=False, soft_wrap=True)
    return FAILED


def _keep_traceback(settings: Settings | None) -> str:
    if settings is not None:
        with contextlib.suppress(OSError):
            settings.logs.mkdir(parents=True, exist_ok=True)
            path = settings.logs / "local_aws.log"
            path.write_text(traceback.format_exc())
            return f"The traceback is in {path}"
    return ""
