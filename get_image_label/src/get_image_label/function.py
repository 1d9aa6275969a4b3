"""What Lambda loads: everything of the function put together, once."""

import os
import time

from aws_lambda_powertools import Logger, Metrics

from get_image_label import clients
from get_image_label.look_up import LookUp
from get_image_label.routes.get_image_label import GetImageLabel
from get_image_label.settings import Settings
from get_image_label.table import Table
from lambda_common.api import create_handler
from lambda_common.callers import SystemTests

_settings = Settings.from_environment(os.environ)

_get_image_label = GetImageLabel(
    LookUp(rows=Table(clients.dynamodb(), _settings.table_name), clock=time.time)
)

routes = {"GET /get-image-label": _get_image_label}

handler = create_handler(
    routes,
    direct=_get_image_label,
    system_tests=SystemTests.from_environment(os.environ),
    logger=Logger(),
    metrics=Metrics(),
)
