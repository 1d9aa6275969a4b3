"""The processor time that a function takes to start."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import util
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmark.application import CREDENTIALS, FUNCTIONS, Application
from benchmark.errors import BenchmarkError
from benchmark.options import Sizes
from benchmark.parts.part import Measure, Samples

PROGRAM = Path(__file__).parents[1] / "programs/start.py"
# What Lambda's runtime brings along: boto3 and what it stands on.
RUNTIME = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")
REFERENCE = "boto3"


@contextmanager
def cold_start(application: Application, sizes: Sizes) -> Iterator[Measure]:
    """Measure each handler's start from the package that is deployed, and that of boto3 alone.

    As on Lambda, the runtime's libraries have their bytecode, and the package has what it has:
    nothing is written next to it.

    Args:
        application: What is measured.
        sizes: How much.
    """
    with TemporaryDirectory() as name:
        directory = Path(name)
        runtime = Path(_runtime().name)
        handlers = {}
        for component in FUNCTIONS:
            with zipfile.ZipFile(application.package(component)) as package:
                package.extractall(directory / component)
            found = application.configuration(component)
            module = found["Handler"].rpartition(".")[0]
            handlers[component] = (module, found["Environment"]["Variables"])

        def each_once() -> Samples:
            samples = {"start.boto3": _start(REFERENCE, {}, runtime)["own"]}
            for component, (module, variables) in handlers.items():
                path = (directory / component, runtime)
                took = _start(module, variables, *path)
                samples[f"start.{component}"] = took["own"]
                samples[f"start.{component}.children"] = took["children"]
            return samples

        def measure() -> Samples:
            starts = [each_once() for _ in range(sizes.starts)]
            return {name: median(each[name] for each in starts) for name in starts[0]}

        yield measure


def _start(module: str, variables: dict[str, str], *path: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", str(PROGRAM), module, *map(str, path)],
        env=_environment(variables),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(f"{module} cannot be loaded: {done.stderr.strip()[-500:]}")
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


@cache
def _runtime() -> "TemporaryDirectory[str]":
    """Lay out what Lambda's runtime has, with its bytecode; removed when this process ends."""
    made = TemporaryDirectory()
    directory = Path(made.name)
    for name in RUNTIME:
        spec = util.find_spec(name)
        if spec is None or spec.origin is None:
            raise BenchmarkError(f"{name} is not installed: make benchmark/.venv/installed")
        source = Path(spec.origin)
        if source.name == "__init__.py":
            shutil.copytree(source.parent, directory / name)
        else:
            shutil.copy2(source, directory)
    subprocess.run(
        [sys.executable, "-I", "-m", "compileall", "-q", str(directory)],
        env=_environment({}),
        check=True,
    )
    return made


def _environment(variables: dict[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {
        **kept,
        "AWS_ACCESS_KEY_ID": CREDENTIALS,
        "AWS_SECRET_ACCESS_KEY": CREDENTIALS,
        "AWS_DEFAULT_REGION": "us-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        **variables,
    }
