from system_tests.forms import send
from tests.servers import Reply, serving


def test_the_fields_come_first_and_the_file_last() -> None:
    with serving(Reply(204)) as server:
        offer = {"Url": server.url, "Fields": {"key": "uploads/1", "Content-Type": "image/jpeg"}}
        status = send(offer, b"a picture", 10, Content_Type="image/png")

    assert status == 204
    [body] = server.bodies
    assert body.index(b"uploads/1") < body.index(b"image/png") < body.index(b"a picture")
    assert b'name="file"' in body
