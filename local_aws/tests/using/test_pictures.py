"""FILE names pictures as a person writes them."""

from pathlib import Path

import pytest

from local_aws import UsageError
from local_aws.using import pictures

AWKWARD = (
    "my cat.jpg",
    "l'été (1).jpg",
    'a "quoted" one.jpg',
    "$(touch x) `y` ${z}.jpg",
    "a#b%20c&d;e.jpg",
    "-rf.jpg",
    "[1]*?.jpg",
    "back\\slash.jpg",
    "two\nlines.jpg",
    "~.jpg",
)


def files(directory: Path, *names: str) -> list[Path]:
    paths = [directory / name for name in names]
    for path in paths:
        path.touch()
    return paths


@pytest.mark.parametrize("name", AWKWARD)
def test_a_file_is_taken_by_its_name_as_it_is(tmp_path: Path, name: str) -> None:
    [file] = files(tmp_path, name)

    assert pictures.named(str(file), print) == [file]


def test_several_are_named_as_in_a_shell(tmp_path: Path) -> None:
    one, two, three = files(tmp_path, "a b.jpg", "c.jpg", "d.png")

    assert pictures.named(f"'{one}' {tmp_path}/*.png {two}", print) == [one, three, two]


def test_a_folder_stands_for_its_pictures(tmp_path: Path) -> None:
    files(tmp_path, "b.jpg", "a.PNG", "c.heic", "LICENSES.md")

    found = pictures.named(str(tmp_path), print)

    assert [path.name for path in found] == ["a.PNG", "b.jpg", "c.heic"]


@pytest.mark.parametrize(
    "ending",
    [
        *("jpg", "jpeg", "jpe", "jfif", "JPG", "png", "apng", "webp", "gif", "bmp", "dib"),
        *("tif", "tiff", "avif", "heic", "heif", "hif", "HIF", "mpo"),
    ],
)
def test_each_ending_of_an_accepted_format_is_taken(tmp_path: Path, ending: str) -> None:
    [file] = files(tmp_path, f"a.{ending}")
    said: list[str] = []

    assert pictures.named(str(tmp_path), said.append) == [file]
    assert said == []


def test_files_that_are_passed_over_are_counted_and_named(tmp_path: Path) -> None:
    [file, *_] = files(tmp_path, "a.jpg", ".DS_Store", "b.pdf", "c", "d.txt", "\x1b.md")
    (tmp_path / "folder.jpg").mkdir()
    said: list[str] = []

    assert pictures.named(str(tmp_path), said.append) == [file]
    assert len(said) == 1
    assert f"In {tmp_path}, 4 files are passed over" in said[0]
    assert r"photographs do: \x1b.md, b.pdf, c, …. FILE=" in said[0]


def test_one_that_is_passed_over_is_named_for_its_own_folder(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        files(tmp_path / name, "a.jpg", f"{name}.txt")
    said: list[str] = []

    pictures.named(f"{tmp_path}/one {tmp_path}/two", said.append)

    assert ["1 file is passed over" in sentence for sentence in said] == [True, True]
    assert "one.txt" in said[0]
    assert "two.txt" in said[1]


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no photographs in"):
        pictures.in_folder(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("nothing.jpg", r"There is no file nothing\.jpg\."),
        ("nothing*.jpg", r"There is no file nothing\*\.jpg\."),
        ("l'ami.jpg", r"There is no file l'ami\.jpg\."),
        ("my cat.jpg", r"There is no file my\. Quote a name that has spaces"),
        ("https://example.org/a.jpg", "make label URL="),
        ("  ", "There is no file"),
        ("a\x1b[2J.jpg", r"There is no file a\\x1b\[2J\.jpg\."),
        ("x" * 5000, "There is no file x"),
    ],
)
def test_what_is_not_there_is_named(text: str, printed: str) -> None:
    with pytest.raises(UsageError, match=printed):
        pictures.named(text, print)


def test_a_name_that_is_no_text_can_be_shown() -> None:
    assert pictures.printable("caf\udce9 ü.jpg") == "caf\\udce9 ü.jpg"
