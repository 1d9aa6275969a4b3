"""What Lambda loads for the table's stream: everything of the labeller put together, once."""

import os

from aws_lambda_powertools import Logger, Metrics

from invoke_labeller import clients, label_handler, times
from invoke_labeller.bucket import Bucket
from invoke_labeller.config import LabellerConfig
from invoke_labeller.endpoint import Endpoint
from invoke_labeller.labeller import Labeller
from invoke_labeller.table import Table

_config = LabellerConfig.from_environment(os.environ)

handle = label_handler.create(
    Labeller(
        rows=Table(
            clients.dynamodb(), _config.table_name, _config.model_name, _config.model_version
        ),
        pictures=Bucket(clients.s3(), _config.bucket_name),
        model=Endpoint(clients.sagemaker_runtime(), _config.endpoint_name),
        clock=times.now,
    ),
    times.now,
    Logger(),
    Metrics(),
)
