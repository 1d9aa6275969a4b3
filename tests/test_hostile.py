"""A newcomer's environment changes nothing of what is run (see checkouts/test_newcomer.py, too)."""

import shutil
from pathlib import Path

import pytest

from tests.hostile import ROWS
from tests.makes import make, passed_on
from tests.project import PROJECT

# They say how make was called.
OF_MAKE = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")


def environment(**variables: str) -> dict[str, str]:
    """Return the environment of a recipe."""
    first, second = passed_on(**variables)
    assert first.keys() >= second.keys() - set(OF_MAKE)
    return {name: value for name, value in first.items() if name not in OF_MAKE}


@pytest.fixture(scope="module")
def usual() -> dict[str, str]:
    """The environment of a recipe where a shell has nothing but PATH and HOME."""
    return environment()


def test_nothing_of_it_reaches_a_recipe(usual: dict[str, str]) -> None:
    variables = {name: value for row in ROWS.values() for name, value in row.items()}

    assert environment(**variables) == usual


def test_what_downloads_need_is_passed_on(usual: dict[str, str]) -> None:
    needed = {
        "PIP_INDEX_URL": "https://mirror.example/simple",
        "PIP_CERT": "/etc/mirror.pem",
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_INDEX_MIRROR_PASSWORD": "secret",
        "SSL_CERT_FILE": "/etc/mirror.pem",
        "NODE_EXTRA_CA_CERTS": "/etc/mirror.pem",
        "npm_config_registry": "https://mirror.example",
        "HTTPS_PROXY": "http://proxy.example:3128",
    }

    assert environment(**needed) == usual | needed


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ({}, "127.0.0.1,localhost"),
        ({"NO_PROXY": "a.example"}, "127.0.0.1,localhost,a.example"),
        ({"no_proxy": "b.example", "NO_PROXY": "a.example"}, "127.0.0.1,localhost,b.example"),
        ({"NO_PROXY": "*"}, "*"),
    ],
)
def test_no_proxy_stands_before_the_loopback(theirs: dict[str, str], ours: str) -> None:
    proxies = {"ALL_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}

    handed = environment(**proxies, **theirs)

    assert handed["NO_PROXY"] == handed["no_proxy"] == ours


def test_aws_settings_are_passed_on_only_to_deploy_to_aws(usual: dict[str, str]) -> None:
    row = {"AWS_PROFILE": "mine", "AWS_CONFIG_FILE": "/mine"}

    to_aws = environment(**row, IMAGELABELLER_CLOUD="aws")

    assert row.items() <= to_aws.items()
    assert usual["AWS_CONFIG_FILE"] == "/dev/null"


@pytest.mark.parametrize("home", ["/nonexistent", "/proc", "/dev/null", ""])
def test_where_the_home_cannot_be_written_to_caches_are_here(home: str) -> None:
    handed = environment(HOME=home)

    assert handed["XDG_CACHE_HOME"] == str(PROJECT / ".uv/cache")
    assert handed["HOME"] == str(PROJECT / ".uv/home")


def test_a_temporary_directory_that_is_gone_is_not_used(tmp_path: Path) -> None:
    assert "TMPDIR" not in environment(TMPDIR="/nonexistent")
    assert environment(TMPDIR=str(tmp_path))["TMPDIR"] == str(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        *("my pictures", "a$b", "l'ami", "a(b)", "a:b", "a&b", "a#b", "a%b", "a;b", 'a"b', "a=b"),
        *("caf\udce9", "overlong\udcc0\udcaf", "surrogate\udced\udca0\udc80"),
    ],
)
def test_a_path_that_cannot_work_is_reported_before_anything_happens(
    tmp_path: Path, name: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "Makefile").write_text((PROJECT / "Makefile").read_text())

    done = make("-C", str(folder), "demo")

    assert done.returncode == 2
    assert f'cannot work in "{folder}", because of: ' in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in folder.iterdir()] == ["Makefile"]


@pytest.mark.parametrize("component", ["submit_image", "docs"])
@pytest.mark.parametrize(
    ("name", "reason"), [("g:h", ":"), ("caf\udce9", "bytes that are not UTF-8")]
)
def test_a_component_at_a_path_that_cannot_work_is_reported(
    tmp_path: Path, component: str, name: str, reason: str
) -> None:
    folder = alone(component, tmp_path / name)
    before = sorted(folder.iterdir())

    done = make("-C", str(folder), "check")

    assert done.returncode == 2
    assert f'cannot work in "{folder}", because of: {reason}. Move it' in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("component", ["submit_image", "docs"])
@pytest.mark.parametrize("name", ["my pictures", "l'été (1)", "caffè 猫"])
def test_a_component_at_any_other_path_is_not_refused(
    tmp_path: Path, component: str, name: str
) -> None:
    done = make("-C", str(alone(component, tmp_path / name)), "help")

    assert done.returncode == 0
    assert done.stderr == ""
    assert " check " in done.stdout


def alone(component: str, folder: Path) -> Path:
    """Copy a component's Makefiles to a folder of their own."""
    (folder / "src").mkdir(parents=True)
    for name in ("Makefile", "component.mk"):
        if (PROJECT / component / name).exists():
            shutil.copy(PROJECT / component / name, folder)
    return folder
