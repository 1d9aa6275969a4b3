import subprocess
import sys
from pathlib import Path

import pytest

from sagemaker_endpoint.cli import main
from tests.processes import SOURCES, environment, run
from tests.samples import PHOTOS, colours, encoded, plain, write


def test_build_writes_the_package(tmp_path: Path, package_path: Path) -> None:
    output = tmp_path / "model.tar.gz"

    result = run("build", "--output", output)

    assert result.returncode == 0
    assert result.stdout == f"{output}: {output.stat().st_size} bytes\n"
    assert output.read_bytes() == package_path.read_bytes()


def test_classify_shows_the_best_labels(
    package_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["classify", str(PHOTOS / "chelsea.jpg"), "--model", str(package_path)])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert len(lines) == 5
    assert lines[0] == " 55.9%  Egyptian cat"


def test_classify_shows_as_many_as_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "red.png").write_bytes(encoded(plain("red")))
    package = write(colours(), tmp_path / "package")

    main(["classify", str(tmp_path / "red.png"), "--model", str(package), "--top", "1"])

    assert capsys.readouterr().out == "100.0%  red\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: No such file or directory."),
        (b"text", "This is no image in one of the formats"),
    ],
)
def test_a_file_that_is_no_image_is_reported_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "image").write_bytes(content)
    package = write(colours(), tmp_path / "package")

    code = main(["classify", str(tmp_path / "image"), "--model", str(package)])

    error = capsys.readouterr().err
    assert code == 2
    assert error.startswith("sagemaker_endpoint: ")
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["train"],
        ["serve", "--port", "http"],
        ["serve", "--port", "-1"],
        ["serve", "--port", "65536"],
        ["serve", "--workers", "0"],
        ["serve", "--queue", "1.5"],
        ["classify"],
    ],
)
def test_a_wrong_command_line_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refusal:
        main(arguments)

    assert refusal.value.code == 2
    assert "usage: sagemaker_endpoint" in capsys.readouterr().err


def test_the_containers_defaults_are_those_of_sagemaker() -> None:
    helped = run("serve", "--help", COLUMNS="200").stdout

    assert "/opt/ml/model" in helped
    assert "8080" in helped
    assert "open-devops-image-labeller" in helped


def test_the_server_needs_nothing_but_its_requirements() -> None:
    # given every module that serving imports
    code = (
        "import sys\n"
        "import sagemaker_endpoint.cli, sagemaker_endpoint.server.serve\n"
        "import sagemaker_endpoint.classifier, sagemaker_endpoint.package\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    result = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    imported = set(result.stdout.split()) - set(sys.stdlib_module_names)

    # then all of them come from requirements.txt
    requirements = (SOURCES.parent / "requirements.txt").read_text()
    installed = {line.partition("==")[0] for line in requirements.splitlines() if "==" in line}
    theirs = {"sagemaker_endpoint", "pillow" if "PIL" in imported else ""} - {""}
    unknown = {
        name
        for name in imported - theirs - {"PIL", "__main__"}
        if not name.startswith("_") and name.replace("_", "-") not in installed
    }
    assert unknown <= {"google"}  # protobuf's namespace
    assert "onnx" not in imported
