"""The entry point on Lambda."""

import os

from aws_lambda_powertools import Logger, Metrics

from submit_image.bootstrap import Application
from submit_image.entry import create_handler

handler = create_handler(Application(os.environ).submit, Logger(), Metrics())
