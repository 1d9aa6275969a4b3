"""The API as a class: what each call sends, and what its answers mean."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from imagelabeller import (
    AnswerLostError,
    ApiKey,
    Client,
    Connection,
    FileError,
    ForbiddenError,
    ImageLabellerError,
    ImageTooLargeError,
    InvalidUrlError,
    Label,
    LabellingFailedError,
    Model,
    NotLabelledInTimeError,
    ProblemError,
    ServiceError,
    Status,
    ThrottledError,
    UnknownImageError,
    UnreachableError,
    UnsupportedImageError,
    UploadExpiredError,
    UploadRefusedError,
)
from imagelabeller.client import _refused_upload
from tests.clocks import Clock
from tests.server import KEY, LOST, RESET, Application, Fault, serving

JPEG = b"\xff\xd8\xff\xe0 a photograph"


@pytest.fixture
def api() -> Iterator[Application]:
    with serving() as application:
        yield application


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(api: Application, clock: Clock) -> Iterator[Client]:
    with Client(Connection.at(f"{api.url}/v1", ApiKey(KEY)), clock, clock.pause) as client:
        yield client


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(JPEG)
    return path


def test_a_file_is_uploaded_submitted_and_labelled(
    api: Application, client: Client, photo: Path
) -> None:
    image = client.label_file(photo)

    assert image.status is Status.LABELLED
    assert image.labels == (Label("pug", 0.75), Label("bull mastiff", 0.125))
    assert image.model == Model("lite", "1")
    assert api.rows == {image.id: JPEG}
    assert api.uploaded == {image.id: JPEG}
    assert api.headers["submit"]["x-api-key"] == KEY


def test_the_bucket_does_not_get_the_key(api: Application, client: Client, photo: Path) -> None:
    client.label_file(photo)

    assert "x-api-key" not in api.headers["bucket"]


def test_a_url_is_submitted_as_it_is(api: Application, client: Client) -> None:
    url = "https://example.org/a%20b.jpg?x=1&y=ü#f"

    image = client.label_url(url)

    assert api.rows == {image.id: url}


def test_labels_are_waited_for_as_long_as_the_api_asks(
    api: Application, client: Client, clock: Clock
) -> None:
    api.waits = 3

    client.label_url("https://example.org/a.jpg")

    assert api.calls["look-up"] == 4
    assert clock.pauses == [1, 1, 1]


def test_a_picture_that_still_waits_in_the_end_can_be_looked_up_later(
    api: Application, client: Client
) -> None:
    api.hold.set()

    with pytest.raises(NotLabelledInTimeError, match="has no labels after 5 s"):
        client.label_url(
            "https://example.org/a.jpg", timeout=5
        )  # deadline: it waits on a fake clock

    assert client.look_up(next(iter(api.rows))).status is Status.WAITING


def test_a_picture_that_fails_is_reported_with_its_reason(api: Application, client: Client) -> None:
    api.outcomes["https://x"] = {
        "Status": "FAILED",
        "FailureCode": "incomplete",
        "FailureReason": "Half of it is missing.",
    }

    with pytest.raises(LabellingFailedError, match=r"Half of it is missing\.") as failure:
        client.label_url("https://x")

    assert failure.value.code == "incomplete"


def test_what_a_look_up_says_is_typed(api: Application, client: Client) -> None:
    image_id = client.submit_url("https://x")
    api.outcomes["https://x"] = {
        "Status": "CLASSIFIED",
        "Labels": [],
        "Model": None,
        "SubmittedAt": "2026-11-23T07:51:11.123Z",
        "Incomplete": True,
    }

    image = client.look_up(image_id)

    assert image.submitted_at == datetime(2026, 11, 23, 7, 51, 11, 123000, UTC)
    assert image.incomplete
    assert image.model is None


def test_withdrawing_twice_is_the_same_as_once(api: Application, client: Client) -> None:
    image = client.submit_url("https://x")

    client.withdraw(image)
    client.withdraw(image)

    assert api.rows == {}
    with pytest.raises(UnknownImageError):
        client.look_up(image)


def test_a_wrong_key_is_refused_at_once(api: Application) -> None:
    client = Client(Connection.at(f"{api.url}/v1", ApiKey("wrong")))

    with pytest.raises(ForbiddenError, match=r"Title: Detail \(403\)\."):
        client.label_url("https://x")

    assert api.calls["submit"] == 1


@pytest.mark.parametrize(
    ("slug", "kind"),
    [
        ("unsupported-image", UnsupportedImageError),
        ("image-too-large", ImageTooLargeError),
        ("url-not-allowed", InvalidUrlError),
    ],
)
def test_a_refusal_is_an_exception_of_its_problem_type(
    api: Application, client: Client, slug: str, kind: type[ImageLabellerError]
) -> None:
    api.refused["https://x"] = slug

    with pytest.raises(kind) as refused:
        client.label_url("https://x")

    assert refused.value.slug == slug
    assert api.calls["submit"] == 1


@pytest.mark.parametrize("operation", ["uploads", "bucket", "submit", "look-up"])
@pytest.mark.parametrize(
    "fault",
    [
        RESET,
        LOST,
        Fault(429, "1", slug="too-many-requests"),
        Fault(500),
        Fault(502),
        Fault(503, "5"),
        Fault(504, "1"),
        Fault(503, when="after"),
    ],
)
def test_a_file_is_labelled_once_whatever_happens_to_one_of_its_requests(
    api: Application, client: Client, photo: Path, operation: str, fault: Fault
) -> None:
    api.faults[operation] = [fault]

    image = client.label_file(photo)

    assert api.rows == {image.id: JPEG}
    assert api.calls[operation] == 2


@pytest.mark.parametrize("fault", [Fault(429, "1"), Fault(503, "5")])
def test_a_url_is_submitted_again_where_the_api_says_that_it_was_not(
    api: Application, client: Client, fault: Fault
) -> None:
    api.faults["submit"] = [fault]

    image = client.label_url("https://x")

    assert list(api.rows) == [image.id]


@pytest.mark.parametrize("fault", [RESET, LOST, Fault(500), Fault(504, when="after")])
def test_a_url_that_may_have_been_submitted_is_not_submitted_again(
    api: Application, client: Client, fault: Fault
) -> None:
    api.faults["submit"] = [fault]

    with pytest.raises(AnswerLostError, match="not known whether the picture was submitted"):
        client.label_url("https://x")

    assert api.calls["submit"] == 1
    assert len(api.rows) <= 1


def test_nothing_is_sent_before_retry_after_has_passed(
    api: Application, client: Client, clock: Clock
) -> None:
    api.faults["look-up"] = [Fault(429, "7")]
    began = clock()

    client.label_url("https://x")

    assert clock() - began >= 7


def test_a_picture_that_waits_is_looked_up_when_its_retry_after_says(
    api: Application, client: Client, clock: Clock
) -> None:
    api.waits, api.ask_again = 2, "4"

    client.label_url("https://x")

    assert clock.pauses == [4, 4]


def test_a_quota_that_is_used_up_is_not_waited_for(
    api: Application, client: Client, clock: Clock
) -> None:
    api.faults["submit"] = [Fault(429, "3600", slug="too-many-requests")]

    with pytest.raises(ThrottledError) as refused:
        client.label_url("https://x")

    assert refused.value.retry_after == 3600
    assert clock.pauses == []


def test_a_throttle_that_does_not_end_is_not_waited_for_for_ever(
    api: Application, client: Client
) -> None:
    api.faults["submit"] = [Fault(429, "20")] * 100

    with pytest.raises(ThrottledError):
        client.label_url("https://x")

    assert 10 < api.calls["submit"] < 30


def test_a_fault_that_stays_is_reported(api: Application, client: Client) -> None:
    api.faults["look-up"] = [Fault(500, slug="internal-error")] * 100

    with pytest.raises(ServiceError, match="500"):
        client.look_up("i")

    assert api.calls["look-up"] == 5


def test_a_server_that_is_not_there_is_named(clock: Clock) -> None:
    with serving() as gone:
        pass
    client = Client(Connection.at(gone.url), clock, clock.pause)

    with pytest.raises(UnreachableError, match=r"127\.0\.0\.1:\d+ does not answer: Connection ref"):
        client.label_url("https://x")


def test_an_answer_that_is_none_of_the_api_is_reported(api: Application, client: Client) -> None:
    api.outcomes["https://x"] = {"Status": "DREAMING"}

    with pytest.raises(ServiceError, match="Unexpected answer"):
        client.label_url("https://x")

    api.faults["look-up"] = [Fault(200)]
    with pytest.raises(ServiceError, match="without a JSON object"):
        client.look_up("i")


def test_a_file_that_is_not_there_is_reported(client: Client, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="No such file"):
        client.label_file(tmp_path / "nothing.jpg")


def test_a_redirect_is_not_followed(api: Application, client: Client) -> None:
    api.faults["withdraw"] = [Fault(307)]

    with pytest.raises(ProblemError, match="307"):
        client.withdraw("i")

    assert api.calls["withdraw"] == 1


@pytest.mark.parametrize(
    ("status", "body", "kind", "text"),
    [
        (
            403,
            "<Error><Code>AccessDenied</Code><Message>Invalid according to Policy: Policy expired."
            "</Message></Error>",
            UploadExpiredError,
            "(403): AccessDenied: Invalid according to Policy: Policy expired.",
        ),
        (400, "<Error><Code>ExpiredToken</Code></Error>", UploadExpiredError, "(400): Expired"),
        (400, "<Error><Code>EntityTooLarge</Code></Error>", ImageTooLargeError, "too large (413)"),
        (403, "<Error><Code>AccessDenied</Code></Error>", UploadRefusedError, "(403): AccessDen"),
        (400, "", UploadRefusedError, "(400): without a reason."),
    ],
)
def test_the_bucket_s_refusals_have_reasons(
    status: int, body: str, kind: type[ImageLabellerError], text: str
) -> None:
    response = requests.Response()
    response.status_code, response.raw = status, io.BytesIO(body.encode())

    error = _refused_upload(response)

    assert type(error) is kind
    assert text in str(error)
