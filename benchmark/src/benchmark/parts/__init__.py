"""What is measured, one module for each part."""

from benchmark.parts.api import api
from benchmark.parts.cold_start import cold_start
from benchmark.parts.endpoint import endpoint
from benchmark.parts.packages import packages
from benchmark.parts.part import Part
from benchmark.parts.pipeline import pipeline

BY_NAME: dict[str, Part] = {
    "endpoint": endpoint,
    "pipeline": pipeline,
    "cold-start": cold_start,
    "packages": packages,
    "api": api,
}
