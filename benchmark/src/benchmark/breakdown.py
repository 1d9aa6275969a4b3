"""Where a picture's processor time goes, process by process, and how little it could be."""

from benchmark.figure import Figure, plain
from benchmark.parts.part import Samples

# By the beginning of their samples' names: what labels pictures of which size.
CASES = {
    "": "0.3 megapixels",
    "tutorial_": "0.3 megapixels, the tutorial's labeller",
    "large_": "12 megapixels",
    "large_tutorial_": "12 megapixels, the tutorial's labeller",
}
PROCESSES = {
    "endpoint": "endpoint",
    "labeller": "labeller",
    "decoders": "its decoding processes",
    "emulator": "emulator",
}
ALL = "all"
# A picture is read from the bucket, its row is read and written, and the endpoint is called.
CALLS = 4
# The endpoint's is not the emulator's.
EMULATED = 3
NEEDED = ("endpoint", "functions", "decoders", "emulator")


def needs(case: str) -> tuple[str, ...]:
    """Return the samples from which a case is broken down."""
    return tuple(f"pipeline.{case}processor_{process}" for process in NEEDED)


def seconds(own: Samples, case: str, process: str) -> float:
    """Return the processor time of a picture in one process, or in all.

    Args:
        own: What was measured.
        case: One of CASES.
        process: One of PROCESSES, or ALL.
    """
    endpoint, functions, decoders, emulator = (own[name] for name in needs(case))
    return {
        "endpoint": endpoint,
        "labeller": functions - decoders,
        "decoders": decoders,
        "emulator": emulator,
        ALL: endpoint + functions + emulator,
    }[process]


def busy(own: Samples) -> float:
    """Return the pipeline's ratio to the endpoint alone, were no processor ever idle."""
    return own["pipeline.endpoint_processor"] / seconds(own, "", ALL)


def least(own: Samples) -> float:
    """Return the same, did the labeller and the emulator no more than to call and be called."""
    calls = CALLS * own["pipeline.call_client"] + EMULATED * own["pipeline.call_emulator"]
    needed = seconds(own, "", "endpoint") + seconds(own, "", "decoders") + calls
    return own["pipeline.endpoint_processor"] / needed


def large(own: Samples) -> float:
    """Return 12 ÷ 0.3 megapixels, did the large one take no more than its decoding in addition."""
    small = seconds(own, "", ALL)
    decoded = small - seconds(own, "", "decoders") + own["pipeline.large_decoding"]
    return decoded / small


def _part(case: str, title: str, process: str, name: str) -> Figure:
    return Figure(
        name=f"part-{case}{process}",
        title=f"processor time of a picture, {title}: {name}",
        ratio="seconds of the processor ÷ pictures",
        derive=lambda own, _: 1000 * seconds(own, case, process),
        needs=needs(case),
        unit="ms",
        digits=1,
    )


def _bounds() -> tuple[Figure, ...]:
    call = ("pipeline.call_client", "pipeline.call_emulator")
    alone = ("pipeline.endpoint_processor", *needs(""))
    return (
        plain("call-client", call[0], "ms", "a call of the SDK, caller", "GetItem of no row"),
        plain("call-emulator", call[1], "ms", "a call of the SDK, emulator", "GetItem of no row"),
        plain(
            "large-decoding",
            "pipeline.large_decoding",
            "ms",
            "decoding 12 megapixels",
            "Pillow alone, at a fraction of the size",
        ),
        Figure(
            name="pipeline-busy",
            title="pipeline, were both processors always busy",
            ratio="processor time of an image in the endpoint alone ÷ in the whole",
            derive=lambda own, _: busy(own),
            needs=alone,
        ),
        Figure(
            name="pipeline-least",
            title="pipeline, of nothing but decoding, calls and the endpoint",
            ratio="the same, with four calls for the labeller and three for the emulator",
            derive=lambda own, _: least(own),
            needs=(*alone, *call),
        ),
        Figure(
            name="large-least",
            title="12 megapixels ÷ 0.3, of nothing but decoding in addition",
            ratio="processor time of the whole with the larger one's decoding ÷ as it is",
            derive=lambda own, _: large(own),
            needs=("pipeline.large_decoding", *needs("")),
        ),
    )


FIGURES = (
    *(
        _part(case, title, process, name)
        for case, title in CASES.items()
        for process, name in (PROCESSES | {ALL: "all processes"}).items()
    ),
    *_bounds(),
)
