"""Results as a run has them, for tests."""

from typing import Any

from benchmark import figures
from benchmark.parts.part import Samples

NOW: Samples = {
    "endpoint.rate": 45.0,
    "endpoint.bare_rate": 50.0,
    "endpoint.processor": 0.022,
    "endpoint.bare_processor": 0.02,
    "endpoint.p50": 0.0305,
    "endpoint.bare_p50": 0.0295,
    "pipeline.endpoint_rate": 45.0,
    "pipeline.rate": 36.0,
    "pipeline.tutorial_rate": 12.0,
    "pipeline.large_rate": 24.0,
    "pipeline.large_tutorial_rate": 8.0,
    "pipeline.processor_endpoint": 0.025,
    "pipeline.processor_functions": 0.01,
    "pipeline.processor_emulator": 0.005,
    "pipeline.processor_decoders": 0.004,
    "pipeline.endpoint_processor": 0.026,
    "pipeline.call_client": 0.001,
    "pipeline.call_emulator": 0.0005,
    "pipeline.large_decoding": 0.03,
    "start.boto3": 0.2,
    "start.submit_image": 0.22,
    "start.invoke_labeller": 0.23,
    "start.invoke_labeller.children": 0.1,
    "start.get_image_label": 0.2,
    "packages.submit_image": 1.6e6,
    "packages.invoke_labeller": 8.5e6,
    "packages.get_image_label": 1.1e6,
    "api.nothing.p50": 0.01,
    "api.nothing.p95": 0.012,
    "api.submit.p50": 0.02,
    "api.submit.p95": 0.03,
    "api.look_up.p50": 0.015,
    "api.look_up.p95": 0.02,
}
DEPLOYMENT: Samples = {
    "deployment.first_label": 26.0,
    "deployment.second_demo": 2.0,
    "deployment.changed_function": 4.0,
}


def results(*before: str) -> dict[str, Any]:
    """Make the results of two rounds, of which the second was slower."""
    rounds = [
        {name: {key: value * factor for key, value in NOW.items()} for name in ("now", *before)}
        for factor in (1.0, 1.1)
    ]
    once = dict.fromkeys(("now", *before), DEPLOYMENT)
    return {
        "machine": {
            "taken": "2026-11-27T09:00:00Z",
            "processors": 2,
            "processor": "Example",
            "memory_gb": 24.0,
            "system": "Linux 6, x86_64",
            "load_before": [0.1, 0.2, 0.3],
            "versions": {"Python": "3.13.0", "onnxruntime": "1.32.0"},
        },
        "sizes": {},
        "minutes": 4.5,
        "commits": dict.fromkeys(("now", *before), 40 * "a"),
        "rounds": rounds,
        "once": once,
        "figures": figures.derive(rounds, once),
    }
