"""The API as a class."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.auth import AuthBase

from imagelabeller import formats
from imagelabeller.auth import Anonymous
from imagelabeller.errors import (
    FileError,
    ImageLabellerError,
    ImageTooLargeError,
    LabellingFailedError,
    NotLabelledInTimeError,
    ServiceError,
    UploadExpiredError,
    UploadRefusedError,
)
from imagelabeller.results import Image, Status, Upload
from imagelabeller.transport import Answer, Transport, retry_after

SUBMIT, UPLOADS, LOOK_UP = "submit-image", "uploads", "get-image-label"
# Longer than the application's sweep needs, which sends what was missed through again.
LABEL_SECONDS = 300.0
ASK_AGAIN_SECONDS = 1.0
# A permission may expire while the request waits; a second one does not.
PERMISSIONS = 2


@dataclass(frozen=True)
class Connection:
    """Where the API is, and how requests prove who sends them.

    Attributes:
        submit: The URL of the route that takes pictures, the output `SubmitImageAPI`.
        look_up: The URL of the route that gives labels, the output `GetImageLabelAPI`.
        submit_auth: For the first.
        look_up_auth: For the second.
    """

    submit: str
    look_up: str
    submit_auth: AuthBase = field(default_factory=Anonymous)
    look_up_auth: AuthBase = field(default_factory=Anonymous)

    @classmethod
    def at(cls, base: str, auth: AuthBase | None = None) -> Self:
        """Describe APIs that share an address, such as the website's.

        Args:
            base: The address that `/submit-image` and `/get-image-label` are appended to.
            auth: For both; nobody by default.
        """
        base, auth = base.rstrip("/"), auth or Anonymous()
        return cls(f"{base}/{SUBMIT}", f"{base}/{LOOK_UP}", auth, auth)

    @property
    def uploads(self) -> str:
        """The URL of the route that permits uploads, next to the one that takes pictures."""
        parts = urlsplit(self.submit)
        return urlunsplit(parts._replace(path=f"{parts.path.rpartition('/')[0]}/{UPLOADS}"))


class Client:
    """Submits pictures and gets their labels; for any number of threads.

    ```python
    with Client(Connection.at("https://d1.cloudfront.net", ApiKey("…"))) as client:
        print(client.label_file("cat.jpg").labels[0].name)
    ```

    Requests that were throttled (429) or met a fault (5xx, a broken connection) are repeated where
    that is harmless: all but the submission of a URL.

    Args:
        connection: Where the API is.
        clock: Seconds that only grow.
        pause: Waits for some seconds; it may raise to end whatever waits.
    """

    def __init__(
        self,
        connection: Connection,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self.connection = connection
        self._clock, self._pause = clock, pause
        self._submit = Transport(connection.submit_auth, clock, pause)
        self._look_up = Transport(connection.look_up_auth, clock, pause)
        self._bucket = Transport(None, clock, pause, refused=_refused_upload)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close this thread's kept connections."""
        for transport in (self._submit, self._look_up, self._bucket):
            transport.close()

    def label_file(self, path: str | Path, timeout: float = LABEL_SECONDS) -> Image:
        """Upload and submit a file, and wait for its labels.

        Args:
            path: The picture.
            timeout: Seconds to wait for the labels.

        Returns:
            The picture with its labels.

        Raises:
            ImageLabellerError: If it gets no labels.
        """
        return self.wait(self.submit_file(path), timeout)

    def label_url(self, url: str, timeout: float = LABEL_SECONDS) -> Image:
        """Submit the picture at a public URL, and wait for its labels.

        Args:
            url: The URL.
            timeout: Seconds to wait for the labels.

        Returns:
            The picture with its labels.

        Raises:
            ImageLabellerError: If it gets no labels.
        """
        return self.wait(self.submit_url(url), timeout)

    def submit_file(self, path: str | Path) -> str:
        """Upload and submit a file. Each time is another image.

        Args:
            path: The picture.

        Returns:
            The image's id.

        Raises:
            ImageLabellerError: If it is not accepted.
        """
        for left in reversed(range(PERMISSIONS)):
            upload = self.request_upload(path)
            try:
                self.send_upload(upload, path)
                break
            except UploadExpiredError:
                if not left:
                    raise
        return self.submit_upload(upload.id)

    def request_upload(self, path: str | Path) -> Upload:
        """Ask for the permission to upload a file.

        Args:
            path: The file, of which the beginning and the length are read.

        Raises:
            FileError: If it cannot be read.
            ImageLabellerError: If the API refuses it.
        """
        path = Path(path)
        try:
            length, kind = path.stat().st_size, formats.content_type(path)
        except OSError as error:
            raise FileError(f"The file cannot be read: {error.strerror}.") from error
        body = {"contentType": kind, "contentLength": length}
        answer = self._submit.send("POST", self.connection.uploads, json=body)
        return _read(Upload.read, answer)

    def send_upload(self, upload: Upload, path: str | Path) -> None:
        """Upload a file. Doing it twice is the same as once.

        Args:
            upload: The permission.
            path: The file.

        Raises:
            FileError: If it cannot be read.
            UploadExpiredError: If the permission has expired.
            ImageLabellerError: If the bucket refuses it or does not answer.
        """
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            raise FileError(f"The file cannot be read: {error.strerror}.") from error
        # S3 ignores what comes after the file, so that it is the last field.
        # https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
        files = {"file": ("picture", content)}
        self._bucket.send("POST", upload.url, data=upload.fields, files=files)

    def submit_upload(self, upload_id: str) -> str:
        """Submit what was uploaded. Doing it twice is the same as once.

        Args:
            upload_id: The upload's id.

        Returns:
            The image's id, which is the upload's.

        Raises:
            UnknownImageError: If nothing was uploaded.
            ImageLabellerError: If the picture is refused.
        """
        return self._submitted({"uploadId": upload_id}, repeatable=True)

    def submit_url(self, url: str) -> str:
        """Submit the picture at a public URL. Each time is another image.

        Args:
            url: The URL.

        Returns:
            The image's id.

        Raises:
            AnswerLostError: If the answer was lost, so that the image may be there.
            ImageLabellerError: If the picture is refused.
        """
        return self._submitted({"url": url}, repeatable=False)

    def look_up(self, image_id: str) -> Image:
        """Look up what is known about a picture.

        Args:
            image_id: The image's id.

        Raises:
            UnknownImageError: If there is none.
            ImageLabellerError: If the API refuses the request or does not answer.
        """
        answer = self._look_up.send("GET", self.connection.look_up, params={"imageId": image_id})
        seconds = retry_after(answer.headers)
        return _read(lambda document: Image.read(document, seconds), answer)

    def wait(
        self, image_id: str, timeout: float = LABEL_SECONDS, interval: float | None = None
    ) -> Image:
        """Wait for the labels of a picture.

        Args:
            image_id: The image's id.
            timeout: Seconds to wait for them.
            interval: Seconds between two look-ups; by default those of the API's `Retry-After`.

        Returns:
            The picture with its labels.

        Raises:
            LabellingFailedError: If it will get none.
            NotLabelledInTimeError: If it has none when the time is up.
            ImageLabellerError: If the API refuses the request or does not answer.
        """
        deadline = self._clock() + timeout
        while (image := self.look_up(image_id)).status is Status.WAITING:
            seconds = image.retry_after or ASK_AGAIN_SECONDS if interval is None else interval
            if self._clock() + seconds > deadline:
                raise NotLabelledInTimeError(
                    f"Image {image_id} has no labels after {timeout:.0f} s. It still waits for "
                    "them: look it up later."
                )
            self._pause(seconds)
        if image.status is Status.FAILED:
            reason = image.failure_reason or "The API gives no reason."
            raise LabellingFailedError(
                f"Image {image_id} could not be labelled: {reason}", image.failure_code
            )
        return image

    def withdraw(self, image_id: str) -> None:
        """Delete a picture and its labels for ever. Doing it twice is the same as once.

        Args:
            image_id: The image's id.

        Raises:
            ImageLabellerError: If the API refuses the request or does not answer.
        """
        self._submit.send("DELETE", self.connection.submit, params={"imageId": image_id})

    def _submitted(self, body: dict[str, str], *, repeatable: bool) -> str:
        answer = self._submit.send("POST", self.connection.submit, repeatable=repeatable, json=body)
        return _read(lambda document: str(document["ImageId"]), answer)


def _read[Result](read: Callable[[dict[str, Any]], Result], answer: Answer) -> Result:
    """Read an answer's document.

    Raises:
        ServiceError: If it is not what the API promises.
    """
    try:
        if answer.document is not None:
            return read(answer.document)
    except (KeyError, ValueError) as error:
        raise ServiceError(
            answer.status, "not-understood", f"Unexpected answer: {error}"
        ) from error
    raise ServiceError(answer.status, "not-understood", "The API answered without a JSON object")


def _refused_upload(response: requests.Response) -> ImageLabellerError:
    """Return what S3's refusal of a form means.

    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    """
    text = response.text
    if "EntityTooLarge" in text:
        return ImageTooLargeError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "image-too-large", "The file is too large"
        )
    code = text.partition("<Code>")[2].partition("</Code>")[0]
    reason = text.partition("<Message>")[2].partition("</Message>")[0]
    kind = UploadExpiredError if "expired" in text.lower() else UploadRefusedError
    said = ": ".join(each.rstrip(".") for each in (code, reason) if each) or "without a reason"
    return kind(f"The bucket refused the upload ({response.status_code}): {said}.")
