"""The description of a model, `model.json`: what must be known in addition to its graph and labels.

The types below are its schema: what they do not name is refused, and what is wrong is named.
"""

from typing import Annotated, Literal, Self

import msgspec
from msgspec import Meta

from sagemaker_endpoint.errors import PackageError

type Text = Annotated[str, Meta(min_length=1, max_length=256)]
type Divisor = Annotated[float, Meta(gt=0)]


class Input(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tensor that the graph takes; its name and type are read from the graph.

    Attributes:
        size: Side of the square picture, in pixels.
        layout: NCHW (batch, channel, row, column) or NHWC (batch, row, column, channel).
        channels: Order of the colours.
    """

    size: Annotated[int, Meta(ge=8, le=2048)]
    layout: Literal["NCHW", "NHWC"]
    channels: Literal["RGB", "BGR"] = "RGB"


class Preprocessing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a picture becomes that tensor.

    Attributes:
        crop: `center` cuts a centred square out, `none` squeezes the whole picture into one.
        crop_fraction: Of that square: it leaves out the margin that a picture of
            `size / crop_fraction` pixels would have around `size`. 1 is the largest square.
        resampling: How the square is scaled to the input's size.
        mean: Subtracted from each channel, 0 to 255, in the order of `channels`.
        std: Each channel is then divided by it.
    """

    crop: Literal["center", "none"]
    resampling: Literal["nearest", "bilinear", "bicubic", "lanczos"]
    crop_fraction: Annotated[float, Meta(gt=0, le=1)] = 1.0
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[Divisor, Divisor, Divisor] = (1.0, 1.0, 1.0)


class Output(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tensor that the graph gives.

    Attributes:
        kind: `logits` are turned into probabilities by softmax, `probabilities` are passed on.
        name: Which output it is; empty for the graph's first.
        background: Whether class 0 is "background", as in TensorFlow's 1001 classes.
    """

    kind: Literal["logits", "probabilities"]
    name: str = ""
    background: bool = False


class Description(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model's description.

    Attributes:
        schema: Version of this format.
        name: The model's name, as it is recorded with its labels.
        version: The model's version.
        license: SPDX identifier of the weights' licence.
        source: Where the model comes from, for people.
    """

    schema: Literal[1]
    name: Text
    version: Text
    license: Text
    input: Input
    preprocessing: Preprocessing
    output: Output
    source: str = ""

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Reads a description.

        Args:
            text: The JSON document, UTF-8.

        Raises:
            PackageError: It is not JSON or does not fit the schema; the message says where.
        """
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError as error:
            raise PackageError(f"model.json is not a model description: {error}") from error

    def to_json(self) -> bytes:
        """Writes the description as a JSON document, UTF-8, every field spelled out."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"
