"""What Lambda loads for the table's stream: everything of the labeller put together, once."""

import os

from aws_lambda_powertools import Logger, Metrics

from invoke_labeller import clients, label_handler, times
from invoke_labeller.bucket import Bucket
from invoke_labeller.decoder import Decoder
from invoke_labeller.endpoint import Endpoint
from invoke_labeller.labeller import Labeller
from invoke_labeller.settings import LabelSettings
from invoke_labeller.table import Table

_settings = LabelSettings.from_environment(os.environ)
# First, so that its processes start while the clients are made.
_decoder = Decoder()

handler = label_handler.create_handler(
    Labeller(
        rows=Table(
            clients.dynamodb(), _settings.table_name, _settings.model_name, _settings.model_version
        ),
        pictures=Bucket(clients.s3(), _settings.bucket_name),
        decoder=_decoder,
        model=Endpoint(clients.sagemaker_runtime(), _settings.endpoint_name),
        clock=times.now,
    ),
    times.now,
    Logger(),
    Metrics(),
    _settings.threads,
)
