"""What the page's files are called when they are served."""

import zipfile
from pathlib import Path

import pytest

from publication import release
from publication.release import ReleaseError

PAGE = b'<link rel="icon" href="icon.svg"><script type="module" src="./app.js"></script>'


@pytest.fixture
def page(tmp_path: Path) -> Path:
    (tmp_path / "lib").mkdir()
    (tmp_path / "index.html").write_bytes(PAGE)
    (tmp_path / "icon.svg").write_text("<svg/>")
    (tmp_path / "app.js").write_text("import './lib/api.js';")
    (tmp_path / "lib/api.js").write_text("export const x = 1;")
    return tmp_path


def served(page: Path) -> dict[str, bytes]:
    return release.released(release.files(page))


def directory(page: Path) -> str:
    (found,) = {key.rsplit("/app.js")[0] for key in served(page) if key.endswith("/app.js")}
    return found


def test_the_page_refers_to_files_under_their_digest(page: Path) -> None:
    where = directory(page)

    assert set(served(page)) == {
        "index.html",
        f"{where}/app.js",
        f"{where}/icon.svg",
        f"{where}/lib/api.js",
    }
    assert served(page)["index.html"].decode() == (
        f'<link rel="icon" href="{where}/icon.svg">'
        f'<script type="module" src="{where}/app.js"></script>'
    )
    assert served(page)[f"{where}/app.js"] == b"import './lib/api.js';"


@pytest.mark.parametrize("name", ["app.js", "lib/api.js", "icon.svg"])
def test_another_file_is_another_address(page: Path, name: str) -> None:
    before = directory(page)
    (page / name).write_text("something else")

    assert directory(page) != before


def test_the_page_alone_changes_no_address(page: Path) -> None:
    before = directory(page)
    (page / "index.html").write_bytes(PAGE + b"<p>More</p>")

    assert directory(page) == before


@pytest.mark.parametrize(
    "reference",
    ["#main", "/uploads", "https://example.com/x.js", "data:,", "mailto:a@example.com", ""],
)
def test_what_is_no_file_of_the_page_stays(page: Path, reference: str) -> None:
    text = f'<a href="{reference}">'.encode()
    (page / "index.html").write_bytes(text)

    assert served(page)["index.html"] == text


def test_a_reference_to_a_missing_file_is_refused(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (page / "icon.svg").unlink()

    assert release.main(page, page / "page.zip") == 2
    assert capsys.readouterr().err == "index.html refers to icon.svg, which is not there.\n"
    assert not (page / "page.zip").exists()


def test_a_file_of_a_type_that_is_not_known_is_refused(page: Path) -> None:
    (page / "model.bin").write_text("")

    with pytest.raises(ReleaseError, match=r"model.bin is of a type .* Add .bin to TYPES"):
        served(page)


def test_a_directory_without_a_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"index.html is missing"):
        served(tmp_path)


def test_documentation_and_hidden_files_are_not_served(page: Path) -> None:
    before = served(page)
    (page / "README.md").write_text("# The page")
    (page / ".DS_Store").write_text("")

    assert served(page) == before


def test_the_package_is_the_same_wherever_it_is_made(page: Path, tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        assert release.main(page, tmp_path.parent / name) == 0
    one, two = (tmp_path.parent / name for name in ("one.zip", "two.zip"))

    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == served(page)


def test_the_page_of_this_project_can_be_released() -> None:
    keys = set(served(Path(__file__).parents[2] / "page"))

    assert {key.split("/")[0] for key in keys} == {"index.html", "assets"}
