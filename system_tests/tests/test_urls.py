import pytest

from system_tests.urls import reachable

URL = "https://a1b2c3.execute-api.us-west-1.amazonaws.com/v1/submit-image"


def test_leaves_the_url_as_it_is_on_aws() -> None:
    assert reachable(URL, None) == URL


@pytest.mark.parametrize("url", ["", "http://example.com/v1/submit-image", URL.partition("/v1")[0]])
def test_refuses_other_urls(url: str) -> None:
    with pytest.raises(ValueError, match="not the URL"):
        reachable(url, None)
