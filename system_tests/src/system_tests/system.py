"""The system under test, as the suite sees it."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from system_tests.access import AuthMode, auth_for, auth_mode
from system_tests.answers import Answer
from system_tests.api import Api
from system_tests.errors import NotReadyError
from system_tests.functions import Function
from system_tests.page import Page, page_at
from system_tests.settings import Settings
from system_tests.stacks import Stack, find_stacks
from system_tests.table import Table
from system_tests.uploads import Uploads
from system_tests.urls import reachable
from system_tests.waiting import wait_for

type Way = Literal["GET", "POST", "direct"]
WAYS: tuple[Way, ...] = get_args(Way.__value__)


@dataclass(frozen=True)
class System:
    """ImageLabeller in a region.

    Attributes:
        settings: Where it is.
        auth_modes: How its two APIs tell their callers apart, by the stack's name.
        model: The name and version of the model that labels.
        max_image_bytes: The largest file that it takes.
        submit_api: Its API for submissions.
        offer_api: The route of the same API that offers uploads.
        lookup_api: Its API for look-ups.
        submit_function: The function behind the one.
        lookup_function: The function behind the other.
        sweep_function: The function that sweeps up what waits too long.
        table: Its rows.
        uploads: Where the suite uploads pictures for it.
        page: Its page for people, or None where that is not deployed.
    """

    settings: Settings
    auth_modes: dict[str, AuthMode]
    model: dict[str, str]
    max_image_bytes: int
    submit_api: Api
    offer_api: Api
    lookup_api: Api
    submit_function: Function
    lookup_function: Function
    sweep_function: Function
    table: Table
    uploads: Uploads
    page: Page | None

    def submit(self, url: str, way: Way = "POST") -> Answer:
        """Submit the picture at a URL.

        Args:
            url: The URL.
            way: By which method of the API, or directly.

        Returns:
            The answer.
        """
        match way:
            case "GET":
                return self.submit_api.get({"url": url})
            case "POST":
                return self.submit_api.post({"url": url})
            case "direct":
                return self.submit_function.invoke({"url": url})

    def offer(self, content: bytes, content_type: str = "image/jpeg") -> Answer:
        """Ask for an upload.

        Args:
            content: The file that is to be uploaded.
            content_type: Its media type.

        Returns:
            The answer.
        """
        return self.offer_api.post({"contentType": content_type, "contentLength": len(content)})

    def submit_upload(self, upload_id: str) -> Answer:
        """Submit an upload.

        Args:
            upload_id: Its id.

        Returns:
            The answer.
        """
        return self.submit_api.post({"uploadId": upload_id})

    def withdraw(self, image_id: str) -> Answer:
        """Withdraw a picture.

        Args:
            image_id: Its id.

        Returns:
            The answer.
        """
        return self.submit_api.request("DELETE", params={"imageId": image_id})

    def look_up(self, image_id: str) -> Answer:
        """Look a picture up through the API.

        Args:
            image_id: Its id.

        Returns:
            The answer.
        """
        return self.lookup_api.get({"imageId": image_id})

    def final(self, image_id: str) -> Answer:
        """Wait until a picture is labelled, or never will be.

        Args:
            image_id: Its id.

        Returns:
            The answer of the look-up.
        """
        return wait_for(
            lambda: self.look_up(image_id),
            lambda answer: answer.status != 200 or answer.body["Status"] != "NOT_CLASSIFIED",  # noqa: PLR2004 # OK
            self.settings.label_seconds,
        )


def connect(settings: Settings) -> System:
    """Find the system that the settings describe.

    Args:
        settings: Where it is.

    Returns:
        The system.

    Raises:
        NotReadyError: It is not there, not whole, or out of reach.
    """
    try:
        return _connect(settings)
    except (BotoCoreError, ClientError) as error:
        raise NotReadyError(f"AWS cannot be asked: {error}") from error


def _connect(settings: Settings) -> System:
    session = boto3.Session(region_name=settings.region)
    credentials = session.get_credentials()
    if credentials is None:
        raise NotReadyError("No credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
    names = settings.stacks
    stacks = find_stacks(
        session.client("cloudformation"),
        (
            names.s3,
            names.dynamodb,
            names.submit_image,
            names.get_image_label,
            names.invoke_labeller,
        ),
        settings.region,
        optional=(names.website,),
    )
    website = stacks.get(names.website)
    submit, lookup = stacks[names.submit_image], stacks[names.get_image_label]
    labeller = stacks[names.invoke_labeller]
    # A second attempt of a synchronous invocation would be a second submission.
    functions = session.client(
        "lambda",
        config=Config(
            read_timeout=settings.request_seconds,
            retries={"mode": "standard", "total_max_attempts": 1},
        ),
    )
    # Path style on the embedded cloud, whose buckets have no host names.
    bucket_config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if settings.endpoint else "virtual"},
    )
    apigateway = session.client("apigateway")

    def api(stack: Stack, output: str) -> Api:
        return Api(
            reachable(stack.output(output), settings.endpoint),
            auth_for(stack, apigateway, credentials, settings.region),
            settings.request_seconds,
        )

    submit_api = api(submit, "SubmitImageAPI")
    offer_url = f"{submit_api.url.rpartition('/')[0]}/uploads"
    return System(
        settings=settings,
        auth_modes={stack.name: auth_mode(stack) for stack in (submit, lookup)},
        model={
            "Name": labeller.parameter("ModelName"),
            "Version": labeller.parameter("ModelVersion"),
        },
        max_image_bytes=int(submit.parameter("MaxImageBytes")),
        submit_api=submit_api,
        offer_api=Api(offer_url, submit_api.auth, settings.request_seconds),
        lookup_api=api(lookup, "GetImageLabelAPI"),
        submit_function=Function(functions, submit.output("FunctionName")),
        lookup_function=Function(functions, lookup.output("FunctionName")),
        sweep_function=Function(functions, labeller.output("SweepFunctionName")),
        table=Table(
            session.client("dynamodb"),
            stacks[names.dynamodb].output("TableName"),
            settings.scan_limit,
        ),
        uploads=Uploads(
            session.client("s3", config=bucket_config),
            stacks[names.s3].output("CodeBucketName"),
            f"system-tests/{run_id()}",
        ),
        page=page_at(website.output("WebsiteURL"), settings.endpoint, settings.request_seconds)
        if website is not None
        else None,
    )


def run_id() -> str:
    """Return a name that no other run has: when it began, and something random."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"
