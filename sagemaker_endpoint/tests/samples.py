"""Images and models that the tests make for themselves."""

import io
from pathlib import Path
from typing import Any

import msgspec
from onnx import ModelProto, TensorProto, helper
from PIL import Image

from sagemaker_endpoint.description import Description, Input, Output, Preprocessing
from sagemaker_endpoint.package import Package

PHOTOS = Path(__file__).parent / "data"
CHELSEA = (PHOTOS / "chelsea.jpg").read_bytes()
COFFEE = (PHOTOS / "coffee.jpg").read_bytes()

COLOURS = ("red", "green", "blue")
DESCRIPTION = Description(
    schema=1,
    name="colours",
    version="1",
    license="CC0-1.0",
    input=Input(size=8, layout="NCHW"),
    preprocessing=Preprocessing(crop="none", resampling="bilinear", std=(25.5, 25.5, 25.5)),
    output=Output(kind="logits"),
)


def changed(**parts: Any) -> Description:
    """The description of the colour model, with other fields: `input={"size": 16}` and so on."""
    document = msgspec.to_builtins(DESCRIPTION)
    for name, value in parts.items():
        document[name] = {**document[name], **value} if isinstance(value, dict) else value
    return msgspec.convert(document, Description)


def colours(description: Description = DESCRIPTION, type_: int = TensorProto.FLOAT) -> Package:
    """A model whose logits are a picture's mean red, green and blue, from 0 to 10."""
    return Package(description, COLOURS, colour_graph(description, type_).SerializeToString())


def colour_graph(description: Description, type_: int = TensorProto.FLOAT) -> ModelProto:
    size = description.input.size
    first = description.input.layout == "NCHW"
    shape: list[str | int] = ["batch", 3, size, size] if first else ["batch", size, size, 3]
    axes = [2, 3] if first else [1, 2]
    nodes = [
        helper.make_node("Cast", ["image"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["floats"], ["means"], axes=axes, keepdims=0),
        helper.make_node("Softmax", ["means"], ["shares"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "colours",
        [helper.make_tensor_value_info("image", type_, shape)],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", 3])
            for name in ("means", "shares")
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def write(package: Package, path: Path) -> Path:
    """Writes a package as a directory."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "model.json").write_bytes(package.description.to_json())
    (path / "labels.txt").write_text("\n".join(package.labels) + "\n")
    (path / "model.onnx").write_bytes(package.graph)
    return path


def encoded(picture: Image.Image, format_: str = "PNG", **options: Any) -> bytes:
    """The picture as a file's bytes."""
    buffer = io.BytesIO()
    picture.save(buffer, format_, **options)
    return buffer.getvalue()


def plain(colour: str, mode: str = "RGB", size: tuple[int, int] = (32, 24)) -> Image.Image:
    """A picture of one colour."""
    return Image.new("RGB", size, colour).convert(mode)
