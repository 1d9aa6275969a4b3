from system_tests.auth import ApiKey
from system_tests.page import page_at
from tests.servers import Reply, serving


def test_asks_at_the_page_s_own_address_on_aws() -> None:
    page = page_at("https://d1.cloudfront.net/", None, 5)
    assert (page.url, page.headers) == ("https://d1.cloudfront.net/", {})


def test_names_the_distribution_where_all_share_a_port() -> None:
    with serving(Reply(200, b"the page")) as server:
        page = page_at("https://d1.cloudfront.net/", server.url, 5)
        answer = page.get("get-image-label?imageId=x", ApiKey("key"))
    assert page.headers["Host"] == "d1.cloudfront.net"
    assert answer.text == "the page"
    assert answer.request.headers["Host"] == "d1.cloudfront.net"
    assert answer.request.headers.get("x-api-key") == "key"
    assert server.received == ["/get-image-label?imageId=x"]
