"""How much some templates and packages hold, where AWS limits a single one."""

import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from local_aws.project.expansion import Stack

ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
ALARMS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")


def of_templates(stacks: "Iterable[Stack]") -> dict[str, int]:
    """Count what a template may have only so many of, by the quotas' ids."""
    parameters, outputs, actions = [0], [0], [0]
    for stack in stacks:
        parameters.append(len(stack.template.get("Parameters") or {}))
        outputs.append(len(stack.template.get("Outputs") or {}))
        # All of an alarm together: more than AWS counts, if it counts those of each state.
        actions += [
            sum(len(stack.resolve(alarm.get(name, []))) for name in ACTIONS)
            for kind in ALARMS
            for alarm in stack.of(kind)
        ]
    return {
        "template-parameters": max(parameters),
        "template-outputs": max(outputs),
        "alarm-actions": max(actions),
    }


def of_packages(packages: "Iterable[Path]") -> dict[str, int]:
    """Measure the largest package, by the quotas' ids: nothing where nothing is packaged."""
    there = [path for path in packages if path.exists()]
    if not there:
        return {}
    return {
        "package-bytes": max(path.stat().st_size for path in there),
        "unpacked-bytes": max(_unpacked(path) for path in there),
    }


def _unpacked(path: "Path") -> int:
    with zipfile.ZipFile(path) as package:
        return sum(each.file_size for each in package.infolist())
