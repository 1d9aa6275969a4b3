"""From an image's bytes to the tensor that a graph takes."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sagemaker_endpoint.decoding import decode, to_rgb
from sagemaker_endpoint.description import Description

type Tensor = NDArray[np.float32]


def preprocess(data: bytes, description: Description) -> Tensor:
    """Prepares an image as the model's description asks.

    Args:
        data: An image file, of any format in FORMATS; of an animation the first frame is taken.
        description: The model's description.

    Returns:
        The tensor, with a batch of one.

    Raises:
        ImageError: The bytes are no such image, are damaged, or have more than MAX_PIXELS.
    """
    return to_tensor(decode(data, at_least=2 * description.input.size), description)


def to_tensor(picture: Image.Image, description: Description) -> Tensor:
    """Prepares a decoded picture as the model's description asks.

    Args:
        picture: The picture, upright.
        description: The model's description.

    Returns:
        The tensor, with a batch of one.
    """
    size, how = description.input.size, description.preprocessing
    if how.crop == "center":
        picture = picture.crop(center_box(picture.size, size, how.crop_fraction))
    resampling = Image.Resampling[how.resampling.upper()]
    pixels = np.asarray(to_rgb(picture).resize((size, size), resampling))
    if description.input.channels == "BGR":
        pixels = pixels[:, :, ::-1]
    mean: Tensor = np.array(how.mean, np.float32)
    std: Tensor = np.array(how.std, np.float32)
    if description.input.layout == "NCHW":
        # Long rows of one channel are computed ten times as fast as pixels of three numbers.
        pixels = pixels.transpose(2, 0, 1)
        mean, std = mean[:, np.newaxis, np.newaxis], std[:, np.newaxis, np.newaxis]
    tensor = pixels.astype(np.float32, order="C")
    tensor -= mean
    tensor /= std
    return tensor[np.newaxis]


def center_box(size: tuple[int, int], target: int, fraction: float) -> tuple[int, int, int, int]:
    """The centred square that is scaled to the model's input.

    A picture of `target / fraction` pixels is meant to keep a margin around `target`; the square
    has the same share of the shorter side. This is the crop that EfficientNet was evaluated with:
    https://github.com/tensorflow/tpu/blob/master/models/official/efficientnet/preprocessing.py

    Args:
        size: Width and height of the picture, in pixels.
        target: Side of the model's input, in pixels.
        fraction: The description's `crop_fraction`.

    Returns:
        Left, upper, right and lower edge, in pixels.
    """
    width, height = size
    margin = round(target * (1 / fraction - 1))
    side = max(1, int(target / (target + margin) * min(width, height)))
    left, upper = (width - side + 1) // 2, (height - side + 1) // 2
    return left, upper, left + side, upper + side
