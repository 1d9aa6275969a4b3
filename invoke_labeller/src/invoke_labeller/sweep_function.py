"""What Lambda loads for the sweep: everything of it put together, once."""

import os

from aws_lambda_powertools import Logger, Metrics

from invoke_labeller import clients, sweep_handler, times
from invoke_labeller.config import SweepConfig
from invoke_labeller.pending_index import PendingIndex
from invoke_labeller.sweep import Sweep

_config = SweepConfig.from_environment(os.environ)

handle = sweep_handler.create(
    Sweep(
        PendingIndex(
            clients.dynamodb(), _config.table_name, _config.index_name, _config.max_sweeps
        ),
        times.now,
    ),
    _config.sweep_after,
    Logger(),
    Metrics(),
)
