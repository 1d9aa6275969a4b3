"""A command line names files, folders and URLs."""

import os
from pathlib import Path

import pytest

from imagelabeller import FileError, formats
from imagelabeller.pictures import Picture, named, printable

AWKWARD = ("my cat.jpg", "l'été (1).jpg", "a#b%20c.jpg", "-rf.jpg", "[1]*?.jpg", "two\nlines.jpg")


APNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17) + b"\x00\x00\x00\x08acTL"


def files(directory: Path, *names: str) -> list[Path]:
    paths = [directory / name for name in names]
    for path in paths:
        path.touch()
    return paths


@pytest.mark.parametrize("name", AWKWARD)
def test_a_file_is_taken_by_its_name_as_it_is(tmp_path: Path, name: str) -> None:
    [file] = files(tmp_path, name)

    assert named([str(file)], print) == [Picture(str(file), file)]


def test_files_folders_and_urls_keep_their_order(tmp_path: Path) -> None:
    files(tmp_path, "b.jpg", "a.PNG", "c.heic")
    url = "https://example.org/a.jpg"

    found = named([url, str(tmp_path), "HTTP://example.org"], print)

    assert [Path(each.name).name for each in found[1:4]] == ["a.PNG", "b.jpg", "c.heic"]
    assert [found[0], found[4]] == [Picture(url), Picture("HTTP://example.org")]


def test_files_that_are_passed_over_are_counted_and_named(tmp_path: Path) -> None:
    files(tmp_path, "a.jpg", ".DS_Store", "b.pdf", "c", "d.txt", "\x1b.md")
    (tmp_path / "folder.jpg").mkdir()
    said: list[str] = []

    [picture] = named([str(tmp_path)], said.append)

    assert picture.path == tmp_path / "a.jpg"
    assert len(said) == 1
    assert f"In {tmp_path}, 4 files are passed over" in said[0]
    assert r"photographs do: \x1b.md, b.pdf, c, …. Name a file" in said[0]


def test_a_file_that_is_named_is_taken_whatever_its_ending(tmp_path: Path) -> None:
    [file] = files(tmp_path, "photo")

    assert named([str(file)], print) == [Picture(str(file), file)]


@pytest.mark.parametrize(
    "word", ["ftp://example.org/a.jpg", "file:///a.jpg", "data:image/png;base64,AA"]
)
def test_an_address_of_another_kind_is_no_missing_file(word: str) -> None:
    with pytest.raises(FileError, match=f"^{word} is an address of a kind that cannot be labelled"):
        list(named([word], print))


@pytest.mark.parametrize("word", ["nothing.jpg", "x" * 5000, ""])
def test_what_is_not_there_is_named(word: str) -> None:
    with pytest.raises(FileError, match=f"There is no file {word}"):
        named([word], print)


def test_a_folder_without_pictures_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=f"no photographs in {tmp_path}"):
        named([str(tmp_path)], print)


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")

    with pytest.raises(FileError, match=r"pipe\.jpg is neither a file nor a folder"):
        named([str(tmp_path / "pipe.jpg")], print)


def test_the_bytes_tell_a_file_from_another_and_not_its_name(tmp_path: Path) -> None:
    one, two, three = files(tmp_path, "1.jpg", "2.jpg", "3.jpg")
    one.write_bytes(b"a")
    two.write_bytes(b"a")
    three.write_bytes(b"b")

    keys = [Picture(str(path), path).key for path in (one, two, three)]

    assert keys[0] == keys[1] != keys[2]
    assert Picture("https://x").key == "url:https://x"


def test_a_name_that_is_no_text_can_be_shown() -> None:
    assert printable("caf\udce9 ü\x1b[2J.jpg") == "caf\\udce9 ü\\x1b[2J.jpg"


@pytest.mark.parametrize("character", "\u061c\u200e\u200f\u202a\u202e\u2066\u2069\u2028")
def test_no_name_turns_the_direction_of_a_line_or_breaks_it(character: str) -> None:
    assert printable(f"photo{character}gpj.exe") == rf"photo\u{ord(character):04x}gpj.exe"


@pytest.mark.parametrize("credentials", ["user:secret@", "user@", "a%40b:c@"])
def test_credentials_in_an_address_are_refused_and_not_repeated(credentials: str) -> None:
    with pytest.raises(FileError, match="user name or a password") as refused:
        named([f"https://{credentials}example.org/a.jpg"], print)

    assert credentials not in str(refused.value)


@pytest.mark.parametrize("url", ["https://x/a@b.jpg", "https://x?a=@", "https://x#@"])
def test_a_sign_behind_the_server_is_no_credential(url: str) -> None:
    assert named([url], print) == [Picture(url)]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.png", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.jpg", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("a", APNG, "image/png"),
        ("a.jpg", b"GIF89a", "image/gif"),
        ("a", b"BM" + bytes(20), "image/bmp"),
        ("a", b"II*\x00" + bytes(20), "image/tiff"),
        ("a", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("a", b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf", "image/avif"),
        ("a", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"),
        ("a.jpg", b"?", "image/jpeg"),
        ("a", b"?", "application/octet-stream"),
        ("a.jpg", b"%PDF-1.7", "application/pdf"),
    ],
)
def test_the_first_bytes_tell_the_format(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert formats.content_type(path) == kind
