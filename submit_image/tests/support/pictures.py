"""Small pictures of every accepted type."""

import io

import pillow_heif
from PIL import Image

from submit_image.pictures import Picture

pillow_heif.register_heif_opener()

FORMATS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
    "HEIF": "image/heic",
}


def encoded(image_format: str, width: int = 40, height: int = 30) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "orange").save(file, image_format)
    return file.getvalue()


def with_orientation(orientation: int) -> bytes:
    image = Image.new("RGB", (40, 30))
    exif = image.getexif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif)
    return file.getvalue()


def animated_png() -> bytes:
    file = io.BytesIO()
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("orange", "blue")]
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:])
    return file.getvalue()


JPEG = encoded("JPEG")
PICTURE = Picture(JPEG, "image/jpeg", 40, 30)
