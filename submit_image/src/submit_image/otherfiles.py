"""What a file is that is no picture, in the words that help whoever submitted it."""

import re

import filetype

_ADVICE = "Submit the address of the picture itself."
_EXPIRED = "The link may have expired, or the picture may be private."
_CONVERT = "Save the picture as JPEG or PNG."
_LOOKED_AT = 65536

_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_UTF_16_LE = re.compile(rb"(?:[\t\r\n -~]\0){4}")
_UTF_16_BE = re.compile(rb"(?:\0[\t\r\n -~]){4}")
# How PNG and JPEG begin once their line ends were converted, or their bytes taken for characters.
# PNG's signature is made to show that (https://www.w3.org/TR/png-3/#5PNG-file-signature).
_DAMAGED_AS_TEXT = (
    b"\x89PNG\n",
    b"\x89PNG\r\r\n",
    b"\x89PNG\r\n\x1a\r\n",
    b"\tPNG\r\n",
    b"\xc2\x89PNG",
    b"\xef\xbf\xbdPNG",
    b"\xc3\xbf\xc3\x98\xc3\xbf",
    b"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
)
# Formats that filetype does not know, or not by all their beginnings.
_PICTURES = {
    "JPEG XL": re.compile(rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n"),
    "PPM": re.compile(rb"P[1-6]\s+(?:#[^\n]*\n\s*)*[0-9]+\s+[0-9]+\s|P7\nWIDTH "),
    "QOI": re.compile(rb"qoif"),
    # No signature, but a kind of colour map, of picture and of pixel.
    "TGA": re.compile(
        rb".(?:\x00[\x02\x03\x0a\x0b]\x00{5}|\x01[\x01\x09].{4}[\x0f\x10\x18\x20])"
        rb".{8}[\x08\x0f\x10\x18\x20]",
        re.DOTALL,
    ),
}
_PROLOG = re.compile(
    r"(\s|<!--.*?(-->|$)|<\?(?!php|=).*?(\?>|$)|<!doctype(?!\s+html)[^>\[]*(\[.*?\]\s*)?>)*",
    re.DOTALL,
)
_WEB_PAGE = re.compile(
    r"<(!doctype\s+html|html|head|body|title|script|style|meta|link|base|div|p|h[1-6]|br|a|b|i"
    r"|center|font|form|frameset|iframe|img|main|noscript|pre|span|table|ul|ol)[\s>/]"
)
_DRAWING = re.compile(r"<svg[\s>:/]")
_PHP = re.compile(r"<\?(php\b|=)")
_S3_ERROR = re.compile(r"<error[\s>].*<code>", re.DOTALL)
_JSON = re.compile(r"[{\[]\s*[\"{\[}\]\d]")
_PROSE = re.compile(r"[^\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]+")
# By the beginning of the media type that filetype gives.
_KINDS = {
    "application/pdf": f"a PDF document. {_ADVICE}",
    "application/gzip": f"compressed with gzip. {_ADVICE}",
    "application/zip": f"a ZIP archive. {_ADVICE}",
    "video/": f"a video. {_ADVICE}",
    "audio/": f"a sound recording. {_ADVICE}",
}


def described(content: bytes) -> str:
    """Say what a file is, and what to do.

    Args:
        content: The file, which is no picture of an accepted format.

    Returns:
        Whole sentences. Nothing of the file is in them.
    """
    if not content.strip(b"\0"):
        return f"This file consists of zeros, which is no picture. {_ADVICE}"
    if content.startswith(_DAMAGED_AS_TEXT):
        return (
            "This picture was damaged by a transfer as text, which changed its bytes."
            " Submit a copy that was transferred as binary."
        )
    for name, beginning in _PICTURES.items():
        if beginning.match(content[:_LOOKED_AT]):
            return f"This is a picture of the type {name}, which is not supported. {_CONVERT}"
    media_type = filetype.guess_mime(content)
    if media_type and media_type.startswith("image/"):
        return f"This is a picture of the type {media_type}, which is not supported. {_CONVERT}"
    for kind, words in _KINDS.items():
        if media_type and media_type.startswith(kind):
            return f"This is no picture, but {words}"
    return _text(_decoded(content)) or (
        "This is not a JPEG, PNG, GIF, WebP, BMP, TIFF, AVIF or HEIC file. " + _CONVERT
    )


def _decoded(content: bytes) -> str:
    encoding = _BYTE_ORDER_MARKS.get(content[:2]) or _BYTE_ORDER_MARKS.get(content[:3], "utf-8")
    if _UTF_16_LE.match(content):
        encoding = "utf-16-le"
    elif _UTF_16_BE.match(content):
        encoding = "utf-16-be"
    # The last character may have been cut in two.
    return content[:_LOOKED_AT].decode(encoding, errors="replace").removesuffix("\ufffd")


def _text(text: str) -> str | None:
    beginning = text.lower()
    beginning = beginning[_PROLOG.match(beginning).end() :]  # type: ignore[union-attr] # or nothing
    if beginning.startswith("<"):
        return _markup(beginning)
    if _JSON.match(beginning):
        return f"This is a JSON document, not a picture. {_ADVICE}"
    if _PROSE.fullmatch(text):
        return f"This is a text, not a picture. {_ADVICE}"
    return None


def _markup(root: str) -> str:
    if _WEB_PAGE.match(root):
        return f"This is a web page, not a picture. {_ADVICE}"
    if _DRAWING.match(root):
        return f"This is a drawing in SVG, which is not supported. {_CONVERT}"
    if _PHP.match(root):
        return f"This is the source text of a PHP program, not a picture. {_ADVICE}"
    if _S3_ERROR.match(root):
        return f"This is an error message in XML, not a picture. {_EXPIRED}"
    return f"This is an XML document, not a picture. {_ADVICE}"
