"""What Lambda loads: everything of the function put together, once."""

import os
import ssl
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import certifi
from aws_lambda_powertools import Logger, Metrics

from lambda_common.api import Route, create_handler
from lambda_common.callers import SystemTests
from submit_image import clients, offering, submission
from submit_image.addresses import AddressPolicy
from submit_image.bucket import Bucket
from submit_image.fetcher import Fetcher, user_agent
from submit_image.resolver import Resolver
from submit_image.routes.offer_upload import OfferUpload
from submit_image.routes.submit_image import SubmitImage
from submit_image.routes.withdraw_image import WithdrawImage
from submit_image.settings import Settings
from submit_image.table import Table
from submit_image.upload_area import UploadArea
from submit_image.withdrawal import Withdraw


def _now() -> datetime:
    return datetime.now(UTC)


_settings = Settings.from_environment(os.environ)
_s3 = clients.s3()

_downloads = Fetcher(
    resolver=Resolver(),
    policy=AddressPolicy(),
    tls=ssl.create_default_context(cafile=certifi.where()),
    trusted=_settings.trusted_hosts,
    max_bytes=_settings.max_image_bytes,
    user_agent=user_agent(_settings.contact_url),
)
_uploads = UploadArea(_s3, _settings.bucket_name, _settings.max_image_bytes)
_storage = submission.Storage(
    pictures=Bucket(_s3, _settings.bucket_name),
    rows=Table(clients.dynamodb(), _settings.table_name),
    retention=timedelta(days=_settings.retention_days),
    now=_now,
)

_submit_image = SubmitImage(
    submission.Submit(_downloads, _storage, uuid4),
    submission.SubmitUpload(_uploads, _storage),
    _settings.fetch_seconds,
)

routes: dict[str, Route] = {
    "GET /submit-image": _submit_image,
    "POST /submit-image": _submit_image,
    "DELETE /submit-image": WithdrawImage(Withdraw(_uploads, _storage.pictures, _storage.rows)),
    "POST /uploads": OfferUpload(
        offering.OfferUpload(_uploads, _settings.max_image_bytes, uuid4, _now)
    ),
}

handler = create_handler(
    routes,
    direct=_submit_image,
    system_tests=SystemTests.from_environment(os.environ),
    logger=Logger(),
    metrics=Metrics(),
)
