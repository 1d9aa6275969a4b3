"""What each verb of the command line does."""

import json
import os
import shlex
import time
from typing import TYPE_CHECKING

from local_aws import clients
from local_aws.delivery import deliver, repos
from local_aws.deploying import choice
from local_aws.deploying.emulated import Emulated
from local_aws.errors import NotRunningError
from local_aws.operations import destroy, drift, requeue, review
from local_aws.preflight import report as preflight
from local_aws.servers import state
from local_aws.servers.plans import TITLES
from local_aws.taskcat import run as taskcat
from local_aws.tools import given
from local_aws.tools.progress import show
from local_aws.using import api, demo, labels, logs, pictures, status

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from rich.console import Console

    from local_aws.cloud import Cloud
    from local_aws.deploying.target import Target

type Verb = "Callable[[Cloud, Console, argparse.Namespace], int]"
UNWELL = 1


def run(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    """Run the chosen verb and return the exit code."""
    verb: Verb = {
        "up": _up,
        "down": _down,
        "status": _status,
        "logs": _logs,
        "deploy": _deploy,
        "changes": _changes,
        "drift": _drift,
        "preflight": _preflight,
        "destroy": _destroy,
        "requeue": _requeue,
        "label": labels.label,
        "demo": _demo,
        "env": _env,
        "repos": repos.repos,
        "deliver": deliver.deliver,
        "taskcat": taskcat.taskcat,
    }[chosen.verb]
    return verb(cloud, console, chosen)


def _up(cloud: "Cloud", console: "Console", _: "argparse.Namespace") -> int:
    cloud.up()
    show(console, f"The embedded cloud answers on {cloud.url}.")
    _show_website(cloud, console)
    return 0


def _down(cloud: "Cloud", console: "Console", _: "argparse.Namespace") -> int:
    ran = cloud.down()
    names = ", ".join(TITLES[name] for name in ran)
    show(console, f"Stopped {names}." if ran else "Nothing was running.")
    return 0


def _status(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    advice = status.advice(cloud.settings)
    if chosen.json:
        document = status.document(cloud.settings) | {"Advice": advice}
        show(console, json.dumps(document))
        return UNWELL if advice else 0
    if state.load(cloud.settings.state).servers:
        console.print(status.servers(cloud.settings), status.table_of_stacks(cloud.settings))
    if advice:
        show(console, advice)
        return UNWELL
    _show_use(cloud, console)
    return 0


def _logs(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    tail = logs.TAIL if chosen.lines is None else chosen.lines
    files = logs.Files(cloud.settings.logs, chosen.names, tail)
    sources: list[logs.Files | logs.Functions] = [files]
    stopped = None
    try:
        client = clients.client("logs", cloud.url, cloud.settings.region)
        sources.append(logs.Functions(client, chosen.names, tail))
    except NotRunningError as error:
        stopped = error
    logs.check(sources, chosen.names)
    if stopped and not chosen.json:
        show(console, str(stopped))
    while True:
        for entry in (entry for source in sources for entry in source.entries()):
            text = entry.json if chosen.json else entry.text
            show(console, text)
        if not chosen.follow:
            return 0
        time.sleep(logs.INTERVAL)


def _deploy(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    allowed = given.answer(chosen.given, "ALLOW_REPLACEMENT") or False
    target = _target(cloud, chosen)
    review.deploy(target, console, chosen.components, allow_replacement=allowed)
    if isinstance(target, Emulated) and target.settings == cloud.settings:
        _show_use(cloud, console)
    return 0


def _changes(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    return review.changes(_target(cloud, chosen), console, chosen.components)


def _drift(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    return drift.drift(_target(cloud, chosen), console, chosen.components)


def _requeue(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    return requeue.requeue(_target(cloud, chosen), console, chosen.given)


def _preflight(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    targets = [
        choice.target(cloud.settings, cloud.progress, chosen.given | where)
        for where in choice.everywhere(chosen.given)
    ]
    return preflight.preflight(targets, console)


def _destroy(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    named = chosen.given.get("ENVIRONMENT")
    # Before a region is asked for that does not matter.
    destroy.check_environment(named)
    confirmation = chosen.given.get("CONFIRM")
    return destroy.destroy(
        _target(cloud, chosen), console, environment=named, confirmation=confirmation
    )


def _target(cloud: "Cloud", chosen: "argparse.Namespace") -> "Target":
    return choice.target(cloud.settings, cloud.progress, chosen.given)


def _demo(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    files = pictures.in_folder(chosen.photos or demo.default_directory(cloud.settings.root))
    clock = demo.Clock.of(os.environ)
    cloud.progress.phases["start"] = clock.seconds()
    labelled = demo.run(cloud, files, clock)
    console.print(demo.table(labelled))
    phases = demo.durations(cloud.progress.phases, clock.seconds())
    show(console, phases, style="dim")
    _show_use(cloud, console, next(iter(labelled.values())).image.id)
    return 0


def _env(cloud: "Cloud", console: "Console", _: "argparse.Namespace") -> int:
    variables = cloud.environment()
    if website := cloud.website:
        route = api.find("SubmitImageAPI", cloud.outputs(), cloud.url, cloud.settings.region)
        variables |= {"WEBSITE_URL": website, "WEBSITE_API_KEY": route.key or ""}
    for name, value in sorted(variables.items()):
        show(console, f"export {name}={shlex.quote(value)}")
    return 0


def _show_use(cloud: "Cloud", console: "Console", image: str = "…") -> None:
    """Print a command line for each route that is deployed; `image` is what to look up."""
    outputs, region = cloud.outputs(), cloud.settings.region
    deployed = {key for stack in outputs.values() for key in stack}
    uses = {
        "SubmitImageAPI": ("Submit a picture by its URL", "url", "https://…"),
        "GetImageLabelAPI": ("Look it up by the ImageId of the answer", "imageId", image),
    }
    for output, (purpose, parameter, value) in uses.items():
        if output in deployed:
            route = api.find(output, outputs, cloud.url, region)
            for line in (f"{purpose}:", route.curl(**{parameter: value})):
                show(console, line)
    _show_website(cloud, console)


def _show_website(cloud: "Cloud", console: "Console") -> None:
    """Print the address of the page for people, where it is deployed."""
    if website := cloud.website:
        show(console, f"Or drop pictures on the page, with the same key: {website}")
