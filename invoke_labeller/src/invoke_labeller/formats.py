"""Decodes each format: the picture alone, as far as it is there."""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from io import BytesIO

from pi_heif.as_plugin import HeifImageFile, register_heif_opener

# The plugins of the formats alone: Pillow would load all that it has.
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from invoke_labeller import (
    bmp_masks,
    bmp_rle,
    coded,
    colours,
    damage,
    gif,
    jpeg,
    jpeg_rows,
    orientation,
    png,
    samples,
    tiff_directory,
    tiff_places,
    webp,
)
from invoke_labeller.damage import Found
from invoke_labeller.errors import PermanentError
from invoke_labeller.failure import FailureCode
from invoke_labeller.isobmff import MalformedError
from invoke_labeller.sizes import MAX_PIXELS, enough
from invoke_labeller.structure import StructureError

_TOO_LARGE = (
    f"The picture has too many pixels: at most {MAX_PIXELS // 1_000_000} million are labelled."
)
_UNSUPPORTED = (
    "The picture cannot be decoded: its header is damaged, or of a kind of {} that is not"
    " supported. If it can be seen elsewhere, save it as JPEG or PNG there."
)
# Some animations start with an empty frame; so many are looked at.
_FRAMES = 8
# Of a PNG so many pixels of later frames are decoded; at least one frame of any size.
_LATER_PIXELS = 4_000_000
_ORIENTATION = 274
_FILLINGS = (b"\0", b"\xff", b"\x55", b"\xaa")

# Of a HEIC file only the picture itself counts. Threads would gain nothing on one processor.
register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
bmp_rle.register()


# Gets, before any is decoded, the number of a picture's pixels, which its processor time depends
# on, and of those that are in memory at once.
type Admit = Callable[[int, int], None]


def admit_all(_pixels: int, _held: int) -> None:
    """Admit any picture."""


def decode(data: bytes, admit: Admit) -> tuple[Found, int]:
    """Decode a file of any format: the picture in it, and nothing else.

    Args:
        data: The file.
        admit: Admits the picture.

    Returns:
        What is there of the picture, and its orientation (1 to 8) as EXIF has it.

    Raises:
        PermanentError: It has too many pixels, or less than half of it is there.
        Exception: Whatever a decoder raises where the file is damaged or no picture.
    """
    for start, decoder in _DECODERS.items():
        if data.startswith(start):
            return decoder(data, admit)
    return _boxed(data, admit)


def _jpeg(data: bytes, admit: Admit) -> tuple[Found, int]:
    picture = jpeg.parse(data)

    def opened(source: BytesIO) -> JpegImagePlugin.JpegImageFile:
        format_name = JpegImagePlugin.JpegImageFile.format
        image = _open(source, format_name, admit=admit_all)
        pixels = image.width * image.height
        # It is decoded at a half, a quarter or an eighth of its size: no smaller than is needed.
        image.draft(None, enough(image.size))
        # Of several scans, all that they say is held until the last one.
        admit(pixels, image.width * image.height if picture.sequential else pixels)
        return image  # type: ignore[return-value] # of this format

    return jpeg_rows.load(picture, opened), picture.orientation


def _png(data: bytes, admit: Admit) -> tuple[Found, int]:
    content, turn = png.parse(data)
    found = _png_picture(content, admit)
    if png.is_animated(data) and colours.is_transparent(samples.eight_bits(found.image)):
        found = _later_png(data, found)
    return found, turn


def _png_picture(content: bytes, admit: Admit, *, ends_early: bool = True) -> Found:
    grids = damage.GRIDS if png.is_interlaced(content) else damage.GRIDS[:1]
    opener = _opener(content, PngImagePlugin.PngImageFile.format, admit)
    return damage.load(opener, grids, ends_early=ends_early)


def _later_png(data: bytes, first: Found) -> Found:
    """Decode the first later frame of an animation that shows anything; the first one otherwise.

    All before it are transparent, so what it shows is itself alone.
    """
    width, height = first.image.size
    left = max(width * height, _LATER_PIXELS)
    for frame in itertools.islice(png.frames(data), _FRAMES - 1):
        left -= frame.pixels
        if left < 0:
            break
        # It is no larger than the picture, which was admitted. Whether its pixels end properly
        # before its last row would take two more decodings of what is empty anyway.
        found = _png_picture(frame.content, admit_all, ends_early=False)
        image = samples.eight_bits(found.image)
        if not colours.is_transparent(image):
            canvas = Image.new("RGBA", first.image.size)
            canvas.paste(image.convert("RGBA"), frame.place)
            canvas.info["icc_profile"] = image.info.get("icc_profile")
            return Found(canvas, incomplete=found.incomplete)
    return first


def _gif(data: bytes, admit: Admit) -> tuple[Found, int]:
    content = gif.parse(data)
    grids = damage.GRIDS if gif.is_interlaced(content) else damage.GRIDS[:1]
    opener = _opener(content, GifImagePlugin.GifImageFile.format, admit)
    found = damage.load(opener, grids, ends_early=True)
    return (_later_frame(opener()) if colours.is_transparent(found.image) else found), 1


def _later_frame(image: ImageFile.ImageFile) -> Found:
    """Decode the first frame of an animation that shows anything; the last one tried otherwise."""
    shown = Image.new("RGBA", image.size)
    with contextlib.suppress(EOFError, Image.DecompressionBombError), _no_larger(image):
        for number in range(1, _FRAMES):
            image.seek(number)
            # Pillow would make the picture larger, where browsers show what is within it.
            if image.size != shown.size:
                break
            shown = image.copy()
            if not colours.is_transparent(shown):
                break
    return Found(shown)


@contextlib.contextmanager
def _no_larger(image: Image.Image) -> Iterator[None]:
    """Have Pillow make no picture of more than twice as many pixels."""
    most, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, image.width * image.height
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = most


def _bmp(data: bytes, admit: Admit) -> tuple[Found, int]:
    opener = _opener(data, BmpImagePlugin.BmpImageFile.format, admit)
    try:
        opener()
    except OSError:
        opener = _masked_bmp(data, admit)
    found = damage.load(opener)
    if colours.is_transparent(found.image):
        # Browsers take this for a program's oversight.
        return Found(found.image.convert("RGB"), incomplete=found.incomplete), 1
    return found, 1


def _masked_bmp(data: bytes, admit: Admit) -> Callable[[], ImageFile.ImageFile]:
    width, height = bmp_masks.size(data)
    _admit(width * height, admit)
    content = bmp_masks.rewritten(data)
    if content is None:
        raise PermanentError(_UNSUPPORTED.format("bitmap"))
    return _opener(content, BmpImagePlugin.BmpImageFile.format, admit)


def _webp(data: bytes, admit: Admit) -> tuple[Found, int]:
    picture = webp.parse(data)
    _admit(webp.pixels(data), admit)
    image = _webp_filled(picture, admit)
    if (
        picture.share == 1
        and getattr(image, "is_animated", False)
        and colours.is_transparent(image)
    ):
        return _later_frame(image), picture.orientation
    there = int(picture.share * image.height)
    return damage.keep(image, [row < there for row in range(image.height)]), picture.orientation


def _webp_filled(picture: webp.WebP, admit: Admit) -> ImageFile.ImageFile:
    """Decode a WebP, which takes a file of full length: what fits in the place of the rest?"""
    for filling in _FILLINGS:
        image = _open(
            BytesIO(picture.content + filling * picture.missing),
            WebPImagePlugin.WebPImageFile.format,
            admit=admit,
        )
        with contextlib.suppress(OSError):
            image.load()
            return image
        if not picture.missing:
            break
    raise PermanentError("The picture cannot be decoded: its file is damaged.")


def _tiff(data: bytes, admit: Admit) -> tuple[Found, int]:
    content = tiff_directory.slim(data)
    opener = _opener(content, TiffImagePlugin.TiffImageFile.format, admit)
    try:
        tags = opener().tag_v2  # type: ignore[attr-defined] # of this format
    except UnidentifiedImageError:
        raise PermanentError(_UNSUPPORTED.format("TIFF")) from None
    samples.check(tags)
    there = tiff_places.rows_there(tags)
    if sum(there) < damage.LEAST * len(there):
        raise damage.LessThanHalfError
    found = damage.load(opener)
    if found.incomplete or all(there):
        return found, 1
    # Pillow turns it upright itself: then these are its rows no more.
    if tags.get(_ORIENTATION, 1) != 1:
        return Found(found.image, incomplete=True), 1
    return damage.keep(found.image, there), 1


def _boxed(data: bytes, admit: Admit) -> tuple[Found, int]:
    """Decode an AVIF or HEIC file, which may call itself by the same names."""
    formats = AvifImagePlugin.AvifImageFile.format, HeifImageFile.format
    image = _open(BytesIO(data), *formats, admit=admit)
    try:
        pixels = coded.pixels(data)
        admit(pixels, pixels)
    except MalformedError as error:
        raise StructureError(f"it has {error.many}" if error.many else "it is damaged") from None
    image.load()
    return Found(image), orientation.of_exif(image.info.get("exif") or b"")


def _opener(data: bytes, format_name: str, admit: Admit) -> Callable[[], ImageFile.ImageFile]:
    return lambda: _open(BytesIO(data), format_name, admit=admit)


def _open(source: BytesIO, *formats: str, admit: Admit) -> ImageFile.ImageFile:
    """Read the header alone, so that a bomb is refused before any of it is decoded."""
    try:
        image = Image.open(source, formats=formats)
    except Image.DecompressionBombError:
        raise PermanentError(_TOO_LARGE, FailureCode.TOO_MANY_PIXELS) from None
    _admit(image.width * image.height, admit)
    return image


def _admit(pixels: int, admit: Admit) -> None:
    if pixels > MAX_PIXELS:
        raise PermanentError(_TOO_LARGE, FailureCode.TOO_MANY_PIXELS)
    admit(pixels, pixels)


_DECODERS: dict[bytes, Callable[[bytes, Admit], tuple[Found, int]]] = {
    jpeg.START: _jpeg,
    png.SIGNATURE: _png,
    b"GIF8": _gif,
    b"RIFF": _webp,
    b"BM": _bmp,
    b"II": _tiff,
    b"MM": _tiff,
}
