"""The composition root: what Lambda imports, once for each execution environment."""

import os
import time

from aws_lambda_powertools import Logger, Metrics

from get_image_label.config import Config
from get_image_label.handler import build_handler
from get_image_label.lookup import LookUp
from get_image_label.table import DynamoDBRows, make_client

config = Config.from_environment(os.environ)

handler = build_handler(
    LookUp(rows=DynamoDBRows(make_client(), config.table_name), clock=time.time),
    logger=Logger(),
    metrics=Metrics(),
)
