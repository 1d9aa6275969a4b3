"""GET and POST /submit-image: takes the picture at a URL, or one that was uploaded."""

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from lambda_common.api import Outcome, Outcomes
from lambda_common.problems import InvalidRequest
from lambda_common.request import Request
from lambda_common.responses import Response
from submit_image import ids, urls
from submit_image.clients import STORAGE_SECONDS
from submit_image.deadline import Deadline
from submit_image.submission import Accepted, Submission

# JSON may write a character as six, and a little room is left for the rest of the document.
MAX_BODY_LENGTH = 6 * urls.MAX_LENGTH + 1024
EXAMPLE = '{"url": "https://…"}'


class SubmitUpload(Protocol):
    """Accepts an upload."""

    def __call__(self, upload_id: UUID, deadline: Deadline, *, by_system_tests: bool) -> Accepted:
        """Accept an upload that is read by a deadline, or raise a Problem."""
        ...


class SubmitImage:
    """The route.

    Args:
        submit: Accepts a submission whose picture is downloaded by a deadline.
        submit_upload: Accepts an upload that is read by a deadline.
        fetch_seconds: How long a download, or reading an upload, may take; enough of the invocation
            is kept to store the picture.
    """

    outcomes = Outcomes(
        received="SubmissionsReceived",
        done=Outcome("ImagesSubmitted", "Image submitted"),
        refused=Outcome("ImagesRefused", "Image refused"),
        failed=Outcome("SubmissionsFailed", "Submission failed"),
        counts_reasons=True,
    )

    def __init__(
        self,
        submit: Callable[[Submission, Deadline], Accepted],
        submit_upload: SubmitUpload,
        fetch_seconds: float,
    ) -> None:
        self._submit = submit
        self._submit_upload = submit_upload
        self._fetch_seconds = fetch_seconds

    def __call__(self, request: Request) -> Response:
        """Submit a picture: 202, and where its label will be."""
        accepted = self._accepted(submitted(request), request)
        request.log["image_id"] = accepted.image_id
        return Response(
            202,
            {"ImageId": accepted.image_id, "Status": accepted.status},
            {"Location": f"/get-image-label?imageId={accepted.image_id}"},
        )

    def _accepted(self, given: str | UUID, request: Request) -> Accepted:
        by_system_tests = request.by_system_tests
        seconds = min(self._fetch_seconds, request.remaining_seconds - STORAGE_SECONDS)
        if isinstance(given, UUID):
            request.log["upload_id"] = str(given)
            deadline = Deadline.after(seconds)
            return self._submit_upload(given, deadline, by_system_tests=by_system_tests)
        request.confidential = given
        target = urls.submitted(given)
        # Of the URL only the host is logged: path and query may hold a signature.
        request.log["source_host"] = target.host
        submission = Submission(target, by_system_tests=by_system_tests)
        return self._submit(submission, Deadline.after(seconds))


def submitted(request: Request) -> str | UUID:
    """Return the URL or the id of the upload that is submitted.

    Args:
        request: A GET with the parameter `url`, a POST or a direct invocation with `{"url": "…"}`
            or `{"uploadId": "<uuid>"}`.

    Returns:
        The URL as it was given, not checked yet; or the id.

    Raises:
        InvalidRequest: There is neither, or there are other fields.
    """
    if request.is_direct:
        return _url_or_upload(request.payload(), "event")
    query = request.query()
    if request.method == "GET":
        if len(query.get("url", ())) > 1:
            raise InvalidRequest("The query must give url once.")
        return _url({name: next(iter(values), "") for name, values in query.items()}, "query")
    if query:
        raise InvalidRequest("A POST request takes the URL in its body, not in the query.")
    return _url_or_upload(request.json(EXAMPLE, MAX_BODY_LENGTH), "body")


def _url_or_upload(fields: object, place: str) -> str | UUID:
    if not isinstance(fields, dict):
        raise InvalidRequest(f"The {place} must be a JSON object such as {EXAMPLE}.")
    # What is unknown is not named: it may be a part of the URL, and the detail is logged.
    if set(fields) - {"url", "uploadId"}:
        raise InvalidRequest(
            f"The {place} has another member than url or uploadId; it takes one of them alone."
        )
    if "uploadId" not in fields:
        return _url(fields, place)
    if "url" in fields:
        raise InvalidRequest(f"The {place} must give either url or uploadId, not both.")
    upload_id = ids.parsed(fields["uploadId"])
    if upload_id is None:
        raise InvalidRequest("uploadId must be the UploadId that POST /uploads answered.")
    return upload_id


def _url(fields: dict[str, object], place: str) -> str:
    if set(fields) - {"url"}:
        # A URL with a query of its own falls apart at its first "&" unless it was encoded.
        raise InvalidRequest(
            "The query has another parameter than url. If it is part of the URL, percent-encode"
            " the whole URL."
        )
    url = fields.get("url")
    if not isinstance(url, str) or not url:
        raise InvalidRequest(f"The {place} must give url, a non-empty string.")
    return url
