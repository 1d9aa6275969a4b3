"""How large a picture may be, and how large it need be."""

MAX_PIXELS = 50_000_000
# The models crop the centre (0.875 of the shorter side) and scale it to 260 or 299 pixels a side:
# a shorter side of 352 keeps all that they use, and a JPEG of 12 megapixels can be decoded at an
# eighth of its size. The longer side is bounded for panoramas.
SHORT_SIDE = 352
LONG_SIDE = 2048
# To scale down what has a little more costs more than to send it and have the model scale it.
KEPT_SIDE = 512


def enough(size: tuple[int, int]) -> tuple[int, int]:
    """Return the width and height in pixels that a model has use for; never more than there are."""
    scale = min(1, SHORT_SIDE / min(size), LONG_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def sent(size: tuple[int, int]) -> tuple[int, int]:
    """Return the width and height in pixels of what the model is sent."""
    if min(size) <= KEPT_SIDE and max(size) <= LONG_SIDE:
        return size
    return enough(size)
