"""Makes any picture an opaque one in sRGB, which is what models were trained on."""

from io import BytesIO

from PIL import Image, ImageCms

from invoke_labeller.errors import PermanentError

MAX_PROFILE = 1_100_000
# The name that all profiles of sRGB have in them, in one of two encodings.
_SRGB_NAMES = (b"sRGB", "sRGB".encode("utf-16-be"))
_SPACES = {"RGB ": "RGB", "CMYK": "CMYK"}
_NOTHING = "The picture shows nothing: all of it is transparent."
_SRGB = ImageCms.createProfile("sRGB")


def warm_up() -> None:
    """Load what the first profile would load otherwise."""
    profile = ImageCms.ImageCmsProfile(_SRGB)
    ImageCms.profileToProfile(Image.new("RGB", (1, 1)), profile, _SRGB, outputMode="RGB")


def opaque(image: Image.Image) -> Image.Image:
    """Put a picture on white, and its colours into sRGB.

    Args:
        image: A picture of eight bits, without palette.

    Raises:
        PermanentError: All of it is transparent. A label would be that of the white behind it.
    """
    if is_transparent(image):
        raise PermanentError(_NOTHING)
    profile = image.info.get("icc_profile")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        background = Image.new("RGB", image.size, "white")
        background.paste(image, mask=image.getchannel("A"))
        image = background
    if image.mode not in ("RGB", "CMYK"):
        image = image.convert("RGB")
    return _managed(image, profile).convert("RGB")


def is_transparent(image: Image.Image) -> bool:
    """Tell whether all pixels of a picture are transparent."""
    if not image.has_transparency_data:
        return False
    alpha = image if image.mode in ("RGBA", "LA") else image.convert("RGBA")
    return alpha.getchannel("A").getextrema() == (0, 0)


def _managed(image: Image.Image, profile: object) -> Image.Image:
    """Translate colours by a profile; a damaged one, or one of another space, is ignored."""
    if not isinstance(profile, bytes) or len(profile) > MAX_PROFILE:
        return image
    if any(name in profile for name in _SRGB_NAMES):
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if _SPACES.get(source.profile.xcolor_space) != image.mode:
            return image
        return ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError):
        return image
