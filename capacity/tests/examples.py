"""Applications that the tests compute with."""

import math
from dataclasses import replace
from typing import Any

from capacity.application import Api, Application, Endpoint, Function, Labeller, Sweep, Table
from capacity.constants import Constants
from capacity.model import Model

CONSTANTS = Constants.read()
FUNCTION = Function(memory=1769, reserved=math.inf, arm=False)
APPLICATION = Application(
    submit=Api(FUNCTION, rate=100, burst=200, quota=math.inf),
    look_up=Api(FUNCTION, rate=1000, burst=2000, quota=math.inf),
    labeller=Labeller(FUNCTION, batch=10, window=0, factor=1, threads=4, retries=3),
    sweep=Sweep(
        after=900,
        every=300,
        limit=1024,
        most=8192,
        read=16_384,
        threads=16,
        memory=256,
        longest=3600,
        give_up=86_400,
    ),
    endpoint=Endpoint(
        serverless=True,
        memory=3072,
        concurrency=20,
        provisioned=0,
        instance="ml.m5.large",
        least=1,
        most=2,
        target=300,
    ),
    table=Table(writes=0, index_writes=0, index_shards=16),
    alarms=22,
)


def with_limits(whole: Model, **values: float) -> Model:
    """Return a model with other limits; `table_new_writes=6` is the limit `table-new-writes`."""
    limits = dict(whole.constants.limits)
    for name, value in values.items():
        key = name.replace("_", "-")
        limits[key] = replace(limits[key], value=value)
    return replace(whole, constants=replace(whole.constants, limits=limits))


def sweeping(application: Application = APPLICATION, **changes: Any) -> Application:
    """Return an application whose sweep differs."""
    return replace(application, sweep=replace(application.sweep, **changes))


def model(
    application: Application = APPLICATION, account: str = "default", **assumed: float
) -> Model:
    """Return the model of an application; `model_seconds=1` is the assumption `model-seconds`."""
    given = {name.replace("_", "-"): value for name, value in assumed.items()}
    return Model(application, CONSTANTS.assuming(given), account)


def labelling(application: Application = APPLICATION, **changes: Any) -> Application:
    """Return an application whose labeller differs."""
    return replace(application, labeller=replace(application.labeller, **changes))


def serving(application: Application = APPLICATION, **changes: Any) -> Application:
    """Return an application whose endpoint differs."""
    return replace(application, endpoint=replace(application.endpoint, **changes))
