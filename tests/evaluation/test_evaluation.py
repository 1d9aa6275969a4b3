"""The deployed application labels photographs whose content is known."""

import tarfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from local_aws.cloud import Cloud

from tests.application import Application, eventually, upload
from tests.evaluation.photographs import Source, UnavailableError, read
from tests.evaluation.scores import Score
from tests.project import PROJECT

SOURCES = read()
README = (PROJECT / "README.md").read_text()
PAGE = (PROJECT / "docs/source/accuracy.md").read_text()


@pytest.fixture(scope="module", params=SOURCES, ids=[source.name for source in SOURCES])
def source(request: pytest.FixtureRequest) -> Source:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def files(source: Source) -> dict[Path, str]:
    try:
        return source.fetch()
    except UnavailableError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def classes(cloud: Cloud) -> list[str]:
    """The names of the served model's classes, in their order."""
    with tarfile.open(cloud.model) as package:
        names = package.extractfile("labels.txt")
        assert names
        return names.read().decode().splitlines()


@pytest.fixture(scope="module")
def application(cloud: Cloud) -> Application:
    return Application(cloud)


# 160 MB may have to be downloaded first.
@pytest.mark.timeout(900)
def test_the_application_knows_real_photographs(
    source: Source, files: dict[Path, str], application: Application, scores: list[Score]
) -> None:
    # given photographs that are submitted together
    with ThreadPoolExecutor(4) as pool:
        images = list(
            pool.map(lambda file: application.submit(upload(application.cloud, file)), files)
        )

    # when all of them are through
    def statuses() -> Counter[str]:
        rows = application.rows()
        return Counter(str(row["Status"]) for row in rows if row["Id"] in images)

    eventually(lambda: "NOT_CLASSIFIED" not in statuses())

    # then each is labelled, most of them with what they show
    assert statuses() == {"CLASSIFIED": len(source.classes)}
    answers = list(zip(files.values(), map(application.labels, images), strict=True))
    score = Score.of(source.name, answers)
    scores.append(score)

    wrong = [(known, got) for known, got in answers if known not in got[:1]]
    assert (score.top_1 >= source.top_1, score.top_5 >= source.top_5) == (True, True), wrong


def test_every_class_that_is_expected_is_one_of_the_models(
    source: Source, classes: list[str]
) -> None:
    assert set(source.classes.values()) <= set(classes)


def test_the_classes_of_foolbox_are_those_of_its_file_names(classes: list[str]) -> None:
    (foolbox,) = (source for source in SOURCES if source.name == "foolbox")

    for name, known in foolbox.classes.items():
        assert classes[int(Path(name).stem.rpartition("_")[2])] == known


def test_at_least_fifty_photographs_are_tried() -> None:
    assert sum(len(source.classes) for source in SOURCES) >= 50
    for source in SOURCES:
        assert 0.7 * len(source.classes) <= source.top_1 <= source.top_5 <= len(source.classes)


def test_the_pages_say_what_is_tried(source: Source) -> None:
    row = f"| {source.registry}: `{source.name}` {source.version} | {len(source.classes)} | "
    least = f" | {source.top_1} and {source.top_5} | {source.licence} |"
    (line,) = (line for line in PAGE.splitlines() if line.startswith(row))

    assert line.endswith(least)
    whole = sum(len(each.classes) for each in SOURCES)
    assert f"**{whole} photographs**" in PAGE
    assert f"how many of {whole} photographs" in README
    assert source.truth in PAGE
