"""The package: what it is made of, and that nothing that is left out is missed."""

import ast
import io
import marshal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import archive

ROOT = Path(__file__).parents[2]
DEPENDENCIES, PACKAGE = ROOT / "build/dependencies", ROOT / "build/package.zip"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
SOURCE = b"NAMES = {'one', 'two', 'three'}\ndef f(): return 'one' in {'one', 'two', 'three'}\n"
# Only for a Pydantic model, and there is no Pydantic.
EXCEPTIONS = {
    (
        "aws_lambda_powertools/shared/functions.py",
        "aws_lambda_powertools.event_handler.openapi.compat",
    )
}


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def test_what_is_written_can_be_read() -> None:
    members = {"a/b.txt": b"again and again" * 99, "ü.bin": bytes(range(256)), "empty": b""}

    with opened(archive.zipped(archive.compressed(members))) as package:
        assert package.testzip() is None
        assert {name: package.read(name) for name in package.namelist()} == members
        infos = package.infolist()
    assert [info.filename for info in infos] == sorted(members)
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert {info.external_attr >> 16 for info in infos} == {0o100644}
    assert infos[0].compress_size < infos[0].file_size


def test_patterns_leave_out_and_caches_are_no_part(tmp_path: Path) -> None:
    for name in ("src/a.txt", "src/left/out.txt", "src/__pycache__/a.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    file = tmp_path / "package.zip"

    archive.write(file, tmp_path / "src", ["left/*"], VERSION)

    with zipfile.ZipFile(file) as package:
        assert {name: package.read(name) for name in package.namelist()} == {"a.txt": b"src/a.txt"}


def test_what_the_libraries_file_holds_comes_along_and_the_sources_win(tmp_path: Path) -> None:
    for name in ("libraries/a.txt", "libraries/ü.bin", "libraries/empty", "src/a.txt", "src/b.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("" if name.endswith("empty") else name * 99)
    libraries, file = tmp_path / "libraries.zip", tmp_path / "package.zip"

    archive.write(libraries, tmp_path / "libraries", [], VERSION)
    archive.write(file, tmp_path / "src", [], VERSION, libraries)

    with zipfile.ZipFile(file) as package:
        assert package.testzip() is None
        assert {name: package.read(name).decode() for name in package.namelist()} == {
            "a.txt": "src/a.txt" * 99,
            "b.txt": "src/b.txt" * 99,
            "empty": "",
            "ü.bin": "libraries/ü.bin" * 99,
        }


def test_what_is_taken_over_is_what_would_be_compressed_again(tmp_path: Path) -> None:
    contents = {"a.py": SOURCE * 9, "b.bin": bytes(range(256)), "ü": b"", "z/z": b"z" * 999}
    file = tmp_path / "libraries.zip"

    file.write_bytes(archive.zipped(archive.compressed(contents)))

    assert archive.members(file) == archive.compressed(contents)


def test_a_pattern_that_matches_nothing_is_an_error() -> None:
    with pytest.raises(archive.UnusedError, match="Nothing in the package matches gone/"):
        archive.used(["a.py"], ["gone/*"])


def test_bytecode_is_valid_without_a_look_at_its_source() -> None:
    name = f"a/__pycache__/b.{sys.implementation.cache_tag}.pyc"
    compiled = archive.bytecode({"a/b.py": SOURCE})

    assert list(compiled) == [name]
    # PEP 552: bit 0 says that there is a hash, and bit 1 that it is to be compared.
    assert int.from_bytes(compiled[name][4:8], "little") == 0b01
    assert marshal.loads(compiled[name][16:]).co_filename == "/var/task/a/b.py"  # noqa: S302 - ours


def test_bytecode_is_that_of_the_python_that_runs_it_or_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/a.py").write_bytes(SOURCE)
    file = tmp_path / "package.zip"

    def names(python: str) -> list[str]:
        archive.write(file, tmp_path / "src", [], python)
        with zipfile.ZipFile(file) as package:
            return package.namelist()

    assert names("2.7") == ["a.py"]
    assert len(names(VERSION)) == 2


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_file_is_the_same_in_every_process(seed: str) -> None:
    program = (
        "import sys; from deploy import archive; m = {'a.py': sys.stdin.buffer.read()};"
        " sys.stdout.buffer.write(archive.zipped(archive.compressed(m | archive.bytecode(m))))"
    )
    other = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        input=SOURCE,
        cwd=ROOT,
        env={"PYTHONHASHSEED": seed},
        check=True,
        capture_output=True,
    ).stdout

    members = {"a.py": SOURCE}
    assert other == archive.zipped(archive.compressed(members | archive.bytecode(members)))


def test_a_module_that_cannot_be_compiled_is_named() -> None:
    with pytest.raises(archive.BytecodeError, match=r"a/b\.py"):
        archive.bytecode({"a/b.py": b"def"})


def test_an_error_is_a_sentence() -> None:
    command = [
        "-m",
        "deploy.archive",
        "x.zip",
        "deploy",
        "--python",
        VERSION,
        "--without",
        "gone/*",
    ]
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, *command], cwd=ROOT, check=False, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert done.stderr.startswith("Error: Nothing in the package matches ")
    assert not (ROOT / "x.zip").exists()


def test_nothing_that_is_left_out_is_imported() -> None:
    """Whether an import is at the top of a module or in a function that a request may reach."""
    with zipfile.ZipFile(PACKAGE) as package:
        names = set(package.namelist())
        sources = {name: package.read(name) for name in names if name.endswith(".py")}
    left_out = {
        path.relative_to(DEPENDENCIES).as_posix() for path in DEPENDENCIES.rglob("*")
    } - names

    missed = {
        (name, module)
        for name, source in sources.items()
        for module in imports(ast.parse(source), name.split("/")[:-1])
        if is_one_of(module, left_out) and not is_one_of(module, names)
    }

    assert missed == EXCEPTIONS


def imports(tree: ast.AST, package: list[str]) -> Iterator[str]:
    """Yield what a module may import; of names in a package, which may be modules, the name too."""
    rest = [tree]
    while rest:
        node = rest.pop()
        match node:
            case ast.If() if "TYPE_CHECKING" in ast.unparse(node.test):
                rest += node.orelse
                continue
            case ast.Import():
                yield from (each.name for each in node.names)
            case ast.ImportFrom():
                around = package[: len(package) - node.level + 1] if node.level else []
                module = ".".join([*around, *([node.module] if node.module else [])])
                yield module
                yield from (f"{module}.{each.name}" for each in node.names)
        rest += ast.iter_child_nodes(node)


def is_one_of(module: str, names: set[str]) -> bool:
    """Tell whether a module, in Python or compiled, is among files."""
    path = module.replace(".", "/")
    native = f"{path.rpartition('/')[2]}.cpython-"
    return bool({f"{path}.py", f"{path}/__init__.py"} & names) or any(
        name.endswith(".so") and name.rpartition("/")[2].startswith(native) for name in names
    )


def test_every_licence_is_in_the_package() -> None:
    with zipfile.ZipFile(PACKAGE) as package:
        shipped = set(package.namelist())
    distributions = {name.split("/")[0] for name in shipped if ".dist-info/" in name}

    assert distributions
    for distribution in distributions:
        licences = {
            path.relative_to(DEPENDENCIES).as_posix()
            for path in (DEPENDENCIES / distribution).rglob("*")
            if path.is_file()
            and path.name.upper().startswith(("LICEN", "COPYING", "NOTICE", "AUTHORS"))
        }
        assert licences
        assert licences <= shipped
