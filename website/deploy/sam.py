"""Runs the SAM CLI, which makes a change set and executes it."""

import importlib.metadata
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import boto3
import yaml

from deploy import parameters, stack
from deploy.settings import Settings

type Command = Callable[[Sequence[str]], int]


def command(arguments: Sequence[str]) -> int:
    """Run the SAM CLI as its own program does, but in this process.

    Importing it takes longer than most deployments, so that whoever deploys several components
    imports it once and forks. It reads a template nine times, which libyaml does ten times faster
    than the parser that it asks for; what comes out is the same.

    Args:
        arguments: The command line without the program's name.

    Returns:
        The exit status.
    """
    (program,) = importlib.metadata.entry_points(group="console_scripts", name="sam")
    main = program.load()
    yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # type: ignore[misc]
    try:
        main(list(arguments), prog_name="sam")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def deploy(
    template: Path,
    settings: Settings,
    digest: str,
    values: Mapping[str, str],
    run: Command = command,
) -> int:
    """Deploy a template.

    Args:
        template: The template.
        settings: The deployment's settings.
        digest: Of what is deployed, for the stack's tag.
        values: The parameters' values by name.
        run: Runs the SAM CLI.

    Returns:
        The SAM CLI's exit status.

    Raises:
        DeployError: If more is left of a failed first creation than the stack's name.
    """
    cloudformation = boto3.client("cloudformation", settings.region)
    if settings.executes:
        _say(stack.clear(cloudformation, settings.stack, settings.region))
        _say(f"Deploying {settings.stack} to {settings.region}, version {settings.version}")
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "parameters.yml"
        parameters.write(values, file)
        status = run(_arguments(template, settings, digest, file))
    if status:
        if settings.executes:
            _say(stack.clear(cloudformation, settings.stack, settings.region))
        return status
    if settings.executes and settings.protects:
        stack.protect(cloudformation, settings.stack)
    return 0


def _arguments(template: Path, settings: Settings, digest: str, file: Path) -> list[str]:
    words = ["deploy", "--template-file", str(template)]
    words += ["--stack-name", settings.stack, "--region", settings.region]
    words += ["--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"]
    words += ["--no-fail-on-empty-changeset", "--on-failure", "ROLLBACK"]
    if settings.has_artifacts:
        bucket = stack.code_bucket(boto3.client("sts", settings.region), settings.region)
        words += ["--s3-bucket", bucket, "--s3-prefix", settings.stack]
    if not settings.executes:
        words += ["--no-execute-changeset"]
    words += ["--parameter-overrides", f"file://{file}", "--tags", "application=ImageLabeller"]
    tags = {"environment": settings.environment, "version": settings.version, "digest": digest}
    return words + [f"{name}={value}" for name, value in tags.items()]


def _say(text: str | None) -> None:
    if text:
        print(text, flush=True)  # noqa: T201 - the program's output
