"""The pages about quotas and about the first hour say what the programs have."""

import re
from html import unescape

import quotas
from pages import PROJECT, SOURCE
from test_site import SITE

CELL = r"<td><p>(?:<span>)?(.*?)(?:</span>)?</p></td>"
CHECKS = PROJECT / "local_aws/src/local_aws/preflight/checks/__init__.py"


def test_every_quota_is_in_the_table_with_what_is_taken_of_it() -> None:
    html = (SITE / "quotas.html").read_text()
    cells = [unescape(each).replace("\u2019", "'") for each in re.findall(CELL, html)]
    rows = quotas.rows()

    assert len(rows) > 20
    for name, _, _, taken, new, *_ in rows:
        position = cells.index(name)
        assert cells[position + 3] == taken
        assert cells[position + 4] == new


def test_every_quota_has_a_source() -> None:
    html = (SITE / "quotas.html").read_text()
    read = len(re.findall(r"AWS, a stored copy read on 2026-", html))
    quoted = len(re.findall(r"not read at AWS: quoted here, as of 2026-", html))

    assert quoted == 2
    assert read + quoted == len(quotas.rows())
    assert "aws service-quotas list-service-quotas --service-code scheduler" in _plain(html)


def test_the_first_hour_names_what_the_checks_need() -> None:
    page = (SOURCE / "aws/first-hour.md").read_text()
    needed = re.findall(r'^    "([a-z0-9]+:[A-Za-z]+)",$', CHECKS.read_text(), re.M)

    assert len(needed) > 10
    assert set(needed) == set(re.findall(r"`([a-z0-9]+:[A-Za-z]+)`", page))


def _plain(html: str) -> str:
    """The text between the tags, as a literal's words each have their own."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))
