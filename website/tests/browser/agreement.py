"""What the page shows and what the application has must be the same."""

from tests.browser.service import Service
from tests.browser.site import Site


def agree(site: Site[Service]) -> None:
    """Fail where the page and the application know different pictures."""
    records = site.records()
    submitted = {record["imageId"] for record in records if record["imageId"]}
    assert submitted == set(site.service.rows)
    uploads = {name for name, row in site.service.rows.items() if row.source == "upload"}
    assert uploads <= set(site.service.objects)
    for record in records:
        if record["state"] == "labelled":
            assert record["answer"] == site.service.look_up(record["imageId"])
