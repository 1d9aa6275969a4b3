"""The values of a stack's parameters.

After a deployment they are the template's defaults, overridden by the environment's file,
overridden by the parameters of this deployment. The SAM CLI keeps the previous value of a parameter
that is not passed, so all are passed, except secrets (`NoEcho`), which keep their value.
"""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from deploy.errors import DeployError

# libyaml's, where PyYAML has it: ten times as fast.
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def final(template: Path, file: Path, overrides: str, source: str = "PARAMETERS") -> dict[str, str]:
    """Determine the values that are passed to CloudFormation.

    Args:
        template: The template.
        file: The environment's parameters, a YAML map.
        overrides: The parameters of this deployment: `Name=value …`, quoted as in a shell.
        source: The variable that contains them, for messages.

    Returns:
        By name, the value of each parameter, except secrets that nothing sets.

    Raises:
        DeployError: If the template has no such parameter, or a parameter has no value.
    """
    declared = read(template).get("Parameters") or {}
    given = _texts(file)
    _check_names(given, declared, str(file))
    asked = split(overrides, source)
    _check_names(asked, declared, source)
    open_ones = {name: each for name, each in declared.items() if not is_secret(each)}
    defaults = {name: each["Default"] for name, each in open_ones.items() if "Default" in each}
    values = defaults | given | asked
    missing = [name for name in open_ones if name not in values]
    if missing:
        words = " ".join(f"{name}=…" for name in missing)
        raise DeployError(f'{template} has no default for {missing[0]}: give {source}="{words}".')
    return values


def is_secret(declared: Mapping[str, str]) -> bool:
    """Tell whether a template's parameter is a secret, which keeps its value."""
    return declared.get("NoEcho", "").lower() == "true"


def read(path: Path) -> dict[str, Any]:
    """Read a YAML map whose scalars are kept as they are written: `true` stays `true`.

    Raises:
        DeployError: If it is not there or no map.
    """
    try:
        # CloudFormation's tags are no matter here: a BaseLoader takes what they mark as it is.
        document = yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506 # nosec B506 # makes texts, lists and maps alone
    except FileNotFoundError as error:
        raise DeployError(f"{path} is missing.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DeployError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict):
        raise DeployError(f"{path} is not a YAML map.")
    return document


def split(overrides: str, source: str = "PARAMETERS") -> dict[str, str]:
    """Read `Name=value …`.

    Args:
        overrides: The parameters.
        source: The variable that holds them, for messages.

    Raises:
        DeployError: If it cannot be read. The message shows no value, which may be a secret.
    """
    try:
        words = shlex.split(overrides)
    except ValueError as error:
        raise DeployError(f"{source} cannot be read: {error}.") from error
    values: dict[str, str] = {}
    for number, word in enumerate(words, 1):
        name, equals, value = word.partition("=")
        if not equals or not name.isalnum():
            raise DeployError(
                f"Word {number} of {source} is not Name=value. A value with spaces needs quotes: "
                f"{source}=\"Name='two words'\"."
            )
        if name in values:
            raise DeployError(f"{source} names {name} twice.")
        values[name] = value
    return values


def write(values: Mapping[str, str], path: Path) -> None:
    """Write values into a file from which the SAM CLI reads exactly these.

    It takes a pair of quotes away, and the backslash before a space or a quote, and of what is in a
    file it does so twice. https://github.com/aws/aws-sam-cli/blob/v1.170.0/samcli/cli/types.py

    Args:
        values: The values by name.
        path: The file, whose name ends in `.yml`.
    """
    quoted = {name: _quoted(_quoted(value)) for name, value in values.items()}
    path.write_text(yaml.safe_dump(quoted, allow_unicode=True), encoding="utf-8")


def _quoted(value: str) -> str:
    return '"' + re.sub(r"\\(?=[ \"'])", r"\\\\", value) + '"'


def _texts(file: Path) -> dict[str, str]:
    values = read(file)
    for name, value in values.items():
        if not isinstance(value, str):
            raise DeployError(f"{file} gives {name} a list or a map: write one text.")
    return values


def _check_names(values: Mapping[str, str], declared: Mapping[str, Any], where: str) -> None:
    unknown = [name for name in values if name not in declared]
    if unknown:
        raise DeployError(
            f"{where} names {', '.join(unknown)}, which the template does not have. "
            f"It has {', '.join(sorted(declared)) or 'no parameters'}."
        )
