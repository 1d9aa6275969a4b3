"""What cannot be labelled is refused with a problem document, and nothing is stored."""

from collections.abc import Callable

import pytest

from suite import checks
from system_tests import pictures
from system_tests.system import WAYS, System, Way
from system_tests.table import NotInspectableError

HTML = b"<!doctype html><title>Not a picture</title><p>Nor is this one."

# The path names the run, so that a row that should not exist can be identified.
MALFORMED = {
    "no scheme": "example.com/{path}",
    "ftp": "ftp://example.com/{path}",
    "file": "file:///etc/passwd?{path}",
    "data": "data:image/png;base64,iVBORw0KGgo=",
    "user and password": "http://user:password@example.com/{path}",
    "user": "http://user@example.com/{path}",
    "no host": "http:///{path}",
    "blank": "http://exam ple.com/{path}",
    "line break": "http://example.com/\r\nHost: x/{path}",
    "too long": "http://example.com/{path}?" + "a" * 5000,
}
NOT_ALLOWED = {
    "metadata service": "http://169.254.169.254/latest/meta-data/iam/{path}",
    "private 10": "http://10.0.0.1/{path}",
    "private 172": "http://172.16.0.1/{path}",
    "private 192": "http://192.168.0.1/{path}",
    "loopback name": "http://localhost/{path}",
    "loopback": "http://127.0.0.1/{path}",
    "loopback v6": "http://[::1]/{path}",
    "mapped v4": "http://[::ffff:169.254.169.254]/{path}",
    "unique local": "http://[fd00::1]/{path}",
    "unspecified": "http://0.0.0.0/{path}",
    "decimal": "http://2130706433/{path}",
    "hexadecimal": "http://0x7f000001/{path}",
    "octal": "http://0177.0.0.1/{path}",
    "short": "http://127.1/{path}",
    "port": "http://example.com:22/{path}",
}
FILES: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "page.jpg": (lambda: HTML, 415, "unsupported-image"),
    "empty.jpg": (lambda: b"", 422, "invalid-image"),
    "headless.jpg": (lambda: pictures.headless(pictures.photo("coffee")), 422, "invalid-image"),
    "gigapixel.png": (pictures.gigapixel, 422, "too-many-pixels"),
}


def path(system: System) -> str:
    return f"{system.uploads.prefix}/refused/picture.jpg"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("url", MALFORMED.values(), ids=MALFORMED)
def test_refuses_a_malformed_url(system: System, url: str, way: Way) -> None:
    answer = system.submit(url.replace("{path}", path(system)), way)
    checks.refused(answer, way, 400, "invalid-url")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("url", NOT_ALLOWED.values(), ids=NOT_ALLOWED)
def test_refuses_a_url_that_leads_inside(system: System, url: str, way: Way) -> None:
    answer = system.submit(url.replace("{path}", path(system)), way)
    # An address that is not written as four decimal numbers may be refused for its form.
    checks.refused(answer, way, 400, "url-not-allowed", "invalid-url")


@pytest.mark.parametrize("way", WAYS)
def test_refuses_a_picture_that_is_not_there(system: System, way: Way) -> None:
    answer = system.submit(system.uploads.presign("refused/missing.jpg"), way)
    checks.refused(answer, way, 422, "image-not-available")


def test_refuses_a_host_that_does_not_exist(system: System) -> None:
    # RFC 6761, section 6.4: no name ends with .invalid
    answer = system.submit(f"http://imagelabeller.invalid/{path(system)}")
    checks.refused(answer, "POST", 422, "remote-failed", "remote-timeout")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", FILES)
def test_refuses_a_file_that_is_no_usable_picture(system: System, name: str, way: Way) -> None:
    content, status, slug = FILES[name]
    url = system.uploads.upload(f"refused/{name}", content())
    checks.refused(system.submit(url, way), way, status, slug)


def test_refuses_a_file_that_is_too_large(system: System) -> None:
    size = max(20_000_000, system.max_image_bytes + 1)
    content = pictures.padded(pictures.photo("coffee"), size)
    url = system.uploads.upload("refused/large.jpg", content)
    checks.refused(system.submit(url), "POST", 413, "image-too-large")


@pytest.mark.parametrize("event", [{}, {"url": None}, {"url": ""}, {"url": 1}, {"url": ["x"]}, []])
def test_refuses_a_request_without_a_url(system: System, event: object) -> None:
    checks.refused(system.submit_api.post(event), "POST", 400, "invalid-request")
    direct = system.submit_function.invoke(event)
    checks.refused(direct, "direct", 400, "invalid-request")


@pytest.mark.parametrize("query", ["", "url=", "URL=http://example.com/", "url=a&url=b"])
def test_refuses_a_query_without_one_url(system: System, query: str) -> None:
    checks.refused(system.submit_api.get(query), "GET", 400, "invalid-request")


@pytest.mark.parametrize("body", ["", "url", '{"url": ', "[" * 10_000, "\x00"])
def test_refuses_a_body_that_is_not_json(system: System, body: str) -> None:
    answer = system.submit_api.request(
        "POST", data=body, headers={"Content-Type": "application/json"}
    )
    checks.refused(answer, "POST", 400, "invalid-request")


def test_has_stored_nothing_of_what_it_refused(system: System) -> None:
    try:
        found = system.table.ids_from(f"{system.uploads.prefix}/refused/")
    except NotInspectableError as reason:
        pytest.skip(str(reason))
    assert found == []
