"""What Lambda loads for the sweep: everything of it put together, once."""

import os
import time

from aws_lambda_powertools import Logger, Metrics

from invoke_labeller import clients, sweep_handler, times
from invoke_labeller.failed_index import FailedIndex
from invoke_labeller.pending_index import PendingIndex
from invoke_labeller.requeue import Requeue
from invoke_labeller.settings import SweepSettings
from invoke_labeller.sweep import Pace, Sweep

_settings = SweepSettings.from_environment(os.environ)
_dynamodb = clients.dynamodb()

handler = sweep_handler.create_handler(
    Sweep(
        PendingIndex(_dynamodb, _settings.table_name, _settings.index_name),
        times.now,
        Pace(_settings.sweep_after, _settings.give_up_after, _settings.limit),
    ),
    Requeue(
        FailedIndex(_dynamodb, _settings.table_name, _settings.failed_index_name),
        times.now,
        time.sleep,
    ),
    Logger(),
    Metrics(),
)
