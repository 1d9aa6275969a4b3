"""The composition root: what Lambda imports, once for each execution environment."""

import os
import time

from aws_lambda_powertools import Logger, Metrics

from get_image_label.config import Config
from get_image_label.entry import create_handler
from get_image_label.service import LookUp
from get_image_label.storage import DynamoDBRecords, make_client

config = Config.from_environment(os.environ)

handler = create_handler(
    LookUp(rows=DynamoDBRecords(make_client(), config.table_name), clock=time.time),
    logger=Logger(),
    metrics=Metrics(),
)
