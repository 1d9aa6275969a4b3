import pytest

from benchmark import breakdown
from benchmark.parts.part import Samples

# Seconds of a picture: 20 ms in the endpoint, 4 in the labeller, 5 in its decoders, 11 in the
# emulator.
WHOLE: Samples = {
    "pipeline.processor_endpoint": 0.020,
    "pipeline.processor_functions": 0.009,
    "pipeline.processor_decoders": 0.005,
    "pipeline.processor_emulator": 0.011,
    "pipeline.endpoint_processor": 0.030,
    "pipeline.call_client": 0.0005,
    "pipeline.call_emulator": 0.001,
    "pipeline.large_decoding": 0.025,
}


def test_the_processes_make_up_the_whole() -> None:
    parts = {name: breakdown.seconds(WHOLE, "", name) for name in breakdown.PROCESSES}

    assert parts["labeller"] == pytest.approx(0.004)
    assert sum(parts.values()) == pytest.approx(breakdown.seconds(WHOLE, "", breakdown.ALL))


def test_the_bounds_leave_out_what_need_not_be() -> None:
    # 30 of 40 ms; 30 of 20, 5, four calls and three that are answered; 40 - 5 + 25 of 40
    assert breakdown.busy(WHOLE) == pytest.approx(0.75)
    assert breakdown.least(WHOLE) == pytest.approx(1.0)
    assert breakdown.large(WHOLE) == pytest.approx(1.5)
