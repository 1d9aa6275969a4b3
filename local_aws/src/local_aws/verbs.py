"""What each verb of the command line does."""

import shlex
import time
from typing import TYPE_CHECKING

from local_aws import api, demo, logs, state, status
from local_aws.errors import NotRunningError
from local_aws.labelling import Labeller, lend
from local_aws.operations import verbs as operations
from local_aws.plans import MINISTACK, TITLES

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from rich.console import Console

    from local_aws.cloud import Cloud

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
        "changes": operations.changes,
        "drift": operations.drift,
        "destroy": operations.destroy,
        "label": _label,
        "demo": _demo,
        "env": _env,
    }[chosen.verb]
    return verb(cloud, console, chosen)


def _up(cloud: "Cloud", console: "Console", _: "argparse.Namespace") -> int:
    cloud.up()
    console.print(f"The embedded cloud answers on {cloud.url}.", highlight=False)
    return 0


def _down(cloud: "Cloud", console: "Console", _: "argparse.Namespace") -> int:
    ran = cloud.down()
    names = ", ".join(TITLES[name] for name in ran)
    console.print(f"Stopped {names}." if ran else "Nothing was running.", highlight=False)
    return 0


def _status(cloud: "Cloud", console: "Console", _: "argparse.Namespace") -> int:
    if state.load(cloud.settings.state).servers:
        console.print(status.servers(cloud.settings), status.stacks(cloud.settings))
    advice = status.advice(cloud.settings)
    if advice is None:
        _show_use(cloud, console)
        return 0
    console.print(advice, highlight=False)
    return UNWELL


def _logs(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    sources: list[logs.Files | logs.Functions] = [logs.Files(cloud.settings.logs, chosen.names)]
    try:
        region = cloud.settings.region
        sources.append(logs.functions(cloud.server(MINISTACK).url, region, chosen.names))
    except NotRunningError as error:
        console.print(str(error), highlight=False)
    while True:
        for source in sources:
            for line in source.lines():
                console.print(line, markup=False, highlight=False, soft_wrap=True)
        if not chosen.follow:
            return 0
        time.sleep(logs.INTERVAL)


def _deploy(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    if operations.deploy(cloud, console, chosen):
        _show_use(cloud, console)
    return 0


def _label(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    labeller = Labeller.of(cloud)
    labelled = labeller.label(chosen.url or lend(cloud, chosen.file))
    for name, confidence in labelled.labels:
        console.print(f"{confidence:6.1%}  {name}", markup=False, highlight=False)
    console.print(f"{labelled.seconds:.2f} s, {labelled.model}", style="dim", highlight=False)
    return 0


def _demo(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    files = demo.photographs(chosen.photos or demo.default_directory(cloud.settings.house))
    cloud.up()
    cloud.deploy(again=False)
    labelled = demo.label_all(cloud, files)
    console.print(demo.table(labelled))
    phases = demo.durations(cloud.progress.phases)
    console.print(phases, style="dim", highlight=False, soft_wrap=True)
    _show_use(cloud, console, next(iter(labelled.values())).image)
    return 0


def _env(cloud: "Cloud", console: "Console", _: "argparse.Namespace") -> int:
    for name, value in sorted(cloud.environment().items()):
        console.print(f"export {name}={shlex.quote(value)}", markup=False, highlight=False)
    return 0


def _show_use(cloud: "Cloud", console: "Console", image: str = "…") -> None:
    """Print a command line for each route that is deployed; `image` is what to look up."""
    outputs, region = cloud.outputs(), cloud.settings.region
    keys = {key for stack in outputs.values() for key in stack}
    queries = {"SubmitImageAPI": "url=https://…", "GetImageLabelAPI": f"imageId={image}"}
    for output, query in queries.items():
        if output in keys:
            route = api.find(output, outputs, cloud.url, region)
            console.print(route.curl(query), markup=False, highlight=False, soft_wrap=True)
