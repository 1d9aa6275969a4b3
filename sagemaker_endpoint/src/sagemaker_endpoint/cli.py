"""The commands: build a model package, serve one, classify an image with one."""

import argparse
import os
import sys
from pathlib import Path

from sagemaker_endpoint.errors import Error, ImageError

# Where SageMaker puts the model, and the port that it asks.
# https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
MODEL = Path("/opt/ml/model")
PORT = 8080
MAX_PORT = 65535
BUILT = Path("build/model.tar.gz")


def main(arguments: list[str] | None = None) -> int:
    """Runs a command.

    Args:
        arguments: The command line, without the program's name.

    Returns:
        The exit code: 0, or 2 after one sentence on what is wrong.
    """
    options = _parser().parse_args(arguments)
    try:
        {"build": _build, "serve": _serve, "classify": _classify}[options.command](options)
    except Error as error:
        sys.stderr.write(f"sagemaker_endpoint: {error}\n")
        return 2
    return 0


# Each command imports its own: the server does without what the builder needs.


def _build(options: argparse.Namespace) -> None:
    from sagemaker_endpoint.builder.build import build  # noqa: PLC0415

    build(options.output, options.quantise_by)
    sys.stdout.write(f"{options.output}: {options.output.stat().st_size} bytes\n")


def _serve(options: argparse.Namespace) -> None:
    from sagemaker_endpoint.server.serve import Settings, serve  # noqa: PLC0415

    given = {name: value for name, value in vars(options).items() if value is not None}
    del given["command"]
    serve(Settings(**given))


def _classify(options: argparse.Namespace) -> None:
    from sagemaker_endpoint.classifier import Classifier  # noqa: PLC0415
    from sagemaker_endpoint.package import load  # noqa: PLC0415

    try:
        image = options.file.read_bytes()
    except OSError as error:
        raise ImageError(f"{options.file} cannot be read: {error.strerror}.") from error
    classifier = Classifier(load(options.model))
    probabilities = classifier.classify(image)
    for index in probabilities.argsort()[::-1][: options.top]:
        sys.stdout.write(f"{probabilities[index]:6.1%}  {classifier.labels[index]}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sagemaker_endpoint", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    build = commands.add_parser("build", help="build the model package of EfficientNet-Lite2")
    build.add_argument("--output", type=Path, default=BUILT, help="default: %(default)s")
    build.add_argument(
        "--quantise-by",
        type=Path,
        metavar="DIRECTORY",
        help="quantise to 8 bits, by the JPEG photographs of a directory; default: floating point",
    )

    serve = commands.add_parser("serve", help="serve a model package as a SageMaker endpoint does")
    serve.add_argument(
        "--model", type=Path, default=MODEL, help="directory or tar.gz; default: %(default)s"
    )
    serve.add_argument(
        "--host",
        default=os.environ.get("SERVE_HOST", "127.0.0.1"),
        help="address to listen on; default: $SERVE_HOST or 127.0.0.1",
    )
    serve.add_argument("--port", type=_port, default=PORT, help="default: %(default)s")
    serve.add_argument("--endpoint-name", help="default: open-devops-image-labeller")
    serve.add_argument(
        "--workers", type=_positive, help="images classified at once; default: one a core"
    )
    serve.add_argument("--queue", type=_number, help="requests that may wait; default: 32")

    classify = commands.add_parser("classify", help="classify an image")
    classify.add_argument("file", type=Path, help="the image")
    classify.add_argument("--model", type=Path, default=BUILT, help="default: %(default)s")
    classify.add_argument(
        "--top", type=_positive, default=5, help="labels to show; default: %(default)s"
    )
    return parser


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def _port(text: str) -> int:
    number = _number(text)
    if number > MAX_PORT:
        raise argparse.ArgumentTypeError(f"{number} is no port")
    return number


def _positive(text: str) -> int:
    number = _number(text)
    if number == 0:
        raise argparse.ArgumentTypeError("0 is not enough")
    return number
