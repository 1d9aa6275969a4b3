"""Environments of other people's shells, which must not matter here."""

from pathlib import Path

from tests.makes import NAMES

# By what they come from. Nothing listens on port 9, and nothing is at /nonexistent.
ROWS: dict[str, dict[str, str]] = {
    "variables of a shell with the names of our own": dict.fromkeys(NAMES, "$(error of a shell)"),
    "a profile of AWS that is not there": {
        "AWS_PROFILE": "nobody",
        "AWS_DEFAULT_PROFILE": "nobody",
        "AWS_CONFIG_FILE": "/nonexistent",
    },
    "credentials and endpoints of AWS": {
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_SESSION_TOKEN": "example",
        "AWS_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_CA_BUNDLE": "/nonexistent",
        "AWS_MAX_ATTEMPTS": "many",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "SAM_CLI_DEBUG": "1",
        "SAM_CONFIG_FILE": "/nonexistent",
    },
    "pip's settings for a machine without virtual environments": {
        "PIP_USER": "1",
        "PIP_TARGET": "/nonexistent",
        "PIP_PREFIX": "/nonexistent",
        "PIP_REQUIRE_VIRTUALENV": "1",
        "PIP_NO_BINARY": ":all:",
        "PIP_CONSTRAINT": "/nonexistent",
    },
    "uv's settings for another project": {
        "UV": "/nonexistent",
        "UV_PYTHON": "3.8",
        "UV_SYSTEM_PYTHON": "1",
        "UV_PROJECT_ENVIRONMENT": "/nonexistent",
        "UV_EXCLUDE_NEWER": "2001-01-01",
        "UV_CONSTRAINT": "/nonexistent",
        "UV_NO_BINARY": "1",
    },
    "settings of another Python": {
        "PYTHONPATH": "/nonexistent",
        "PYTHONHOME": "/nonexistent",
        "PYTHONSTARTUP": "/nonexistent",
        "PYTHONWARNINGS": "error",
        "PYTHONOPTIMIZE": "2",
        "PYTHONINSPECT": "1",
        "PYTHONIOENCODING": "ascii",
        "PYTHONPYCACHEPREFIX": "/nonexistent",
        "VIRTUAL_ENV": "/nonexistent",
        "CONDA_PREFIX": "/nonexistent",
        "PYENV_VERSION": "2.7.18",
    },
    "a locale without Unicode": {
        "LANG": "C",
        "LC_ALL": "POSIX",
        "LC_CTYPE": "en_US.ISO-8859-1",
        "LANGUAGE": "fr",
        "PYTHONUTF8": "0",
    },
    "git, in one of its hooks": {
        "GIT_DIR": "/nonexistent",
        "GIT_WORK_TREE": "/nonexistent",
        "GIT_INDEX_FILE": "/nonexistent",
        "GIT_CONFIG_GLOBAL": "/nonexistent",
    },
    "a shell that is full of itself": {
        "CDPATH": "/usr:/",
        "BASH_ENV": "/nonexistent",
        "ENV": "/nonexistent",
        "SHELLOPTS": "errexit",
        "POSIXLY_CORRECT": "1",
        "FORCE_COLOR": "1",
        "ProgramFiles(x86)": "C:\\Program Files (x86)",
        "BASH_FUNC_cp%%": "() { exit 1; }",
    },
}


def together(scratch: Path) -> dict[str, str]:
    """Return all rows in one environment, with a home and a TMPDIR that make difficulties, too.

    Args:
        scratch: An empty directory.
    """
    home, temporary = scratch / "home", scratch / "tmp dir"
    for directory in (home / ".config/pip", home / ".aws", temporary):
        directory.mkdir(parents=True)
    (home / ".config/pip/pip.conf").write_text("[global]\nuser = true\n")
    (home / ".aws/config").write_text("[default\nbroken")
    return {
        **{name: value for row in ROWS.values() for name, value in row.items()},
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
        "TERM": "dumb",
        "COLUMNS": "20",
        "MAKEFLAGS": "-j8 -k",
    }


def bare() -> dict[str, str]:
    """Return the environment of an account that has no home, no TMPDIR and no locale."""
    return {"HOME": "/nonexistent", "TMPDIR": "/nonexistent", "XDG_CACHE_HOME": "/nonexistent"}
