"""What the walks have in common: how they refuse."""

from submit_image.problems import InvalidImage, TooManyPixels

# What invoke_labeller decodes within its memory; a larger picture would be stored only to fail.
MAX_PIXELS = 50_000_000


def check(count: int, most: int, parts: str) -> None:
    """Refuse a file of too many parts.

    Args:
        count: How many there are.
        most: How many there may be.
        parts: What they are, in the plural.

    Raises:
        InvalidImage: There are more.
    """
    if count > most:
        raise InvalidImage(
            f"The image has more than {most:,} {parts}, which is implausible."
            " Open it in an image editor and save it again."
        )


def check_pixels(width: int, height: int) -> None:
    """Refuse a picture that is too large to be decoded.

    Args:
        width: Its width in pixels.
        height: Its height in pixels.

    Raises:
        TooManyPixels: It has more than MAX_PIXELS.
        InvalidImage: It has none.
    """
    if width < 1 or height < 1:
        raise damaged()
    if width * height > MAX_PIXELS:
        raise TooManyPixels(
            f"The image has more than {MAX_PIXELS:,} pixels ({width:,} by {height:,})."
            " Submit a smaller version of it."
        )


def damaged() -> InvalidImage:
    """Return the refusal of a file whose header makes no sense."""
    return InvalidImage("The image's header is damaged or cut short.")


def upright(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Return the size of a picture as it is displayed.

    Args:
        size: Width and height as they are stored.
        orientation: The value of Exif's tag `Orientation`, 1 to 8; the last four lie on their side.
    """
    return size[::-1] if orientation in (5, 6, 7, 8) else size
