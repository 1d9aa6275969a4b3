"""The figures: how each follows from what was measured, and its goal."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmark import breakdown
from benchmark.checkout import NOW
from benchmark.figure import Derivation, Figure, plain, scaled
from benchmark.parts.part import Samples


def _quotient(one: str, other: str) -> Derivation:
    return lambda own, _: own[one] / own[other]


def _start(component: str, title: str) -> tuple[Figure, ...]:
    own, children = f"start.{component}", f"start.{component}.children"
    return (
        Figure(
            name=f"cold-start-{title}",
            title=f"cold start, {title}",
            ratio="processor time of the handler's init ÷ of boto3 and three clients",
            derive=_quotient(own, "start.boto3"),
            needs=(own, "start.boto3"),
            at_most=1.15,
        ),
    ) + (
        (
            Figure(
                name="cold-start-label-with-decoders",
                title="cold start, label, with its decoding processes",
                ratio="the same, and the processor time of the processes that it starts",
                derive=lambda samples, _: (
                    (samples[own] + samples[children]) / samples["start.boto3"]
                ),
                needs=(own, children, "start.boto3"),
            ),
        )
        if component == "invoke_labeller"
        else ()
    )


def _package(component: str, title: str, most: float) -> Figure:
    name = f"packages.{component}"
    return Figure(
        name=f"package-{title}",
        title=f"package, {title}",
        ratio="size of the zip file",
        derive=scaled(name, 1e-6),
        needs=(name,),
        unit="MB",
        at_most=most,
    )


def _latency(name: str, title: str, quantile: str) -> Figure:
    own, nothing = f"api.{name}.{quantile}", f"api.nothing.{quantile}"
    return Figure(
        name=f"api-{title}-{quantile}",
        title=f"API, {title}, {quantile}",
        ratio="latency ÷ that of a function behind an API that does nothing",
        derive=_quotient(own, nothing),
        needs=(own, nothing),
    )


FIGURES: tuple[Figure, ...] = (
    Figure(
        name="endpoint-throughput",
        title="endpoint throughput",
        ratio="images/s through HTTP ÷ a bare loop of decoding and ONNX Runtime, on every core",
        derive=_quotient("endpoint.rate", "endpoint.bare_rate"),
        needs=("endpoint.rate", "endpoint.bare_rate"),
        at_least=0.93,
    ),
    Figure(
        name="endpoint-processor",
        title="endpoint processor time",
        ratio="processor time of an image in the bare loop ÷ in the server",
        derive=_quotient("endpoint.bare_processor", "endpoint.processor"),
        needs=("endpoint.bare_processor", "endpoint.processor"),
    ),
    Figure(
        name="endpoint-latency",
        title="endpoint latency, one caller back to back",
        ratio="p50 through HTTP - p50 of the bare loop",
        derive=lambda own, _: 1000 * (own["endpoint.p50"] - own["endpoint.bare_p50"]),
        needs=("endpoint.p50", "endpoint.bare_p50"),
        unit="ms",
        at_most=1.5,
    ),
    Figure(
        name="pipeline",
        title="pipeline",
        ratio="images/s from the first row inserted to the last labelled ÷ the endpoint's",
        derive=lambda own, now: own["pipeline.rate"] / now["pipeline.endpoint_rate"],
        needs=("pipeline.rate", "pipeline.endpoint_rate"),
        at_least=0.80,
    ),
    Figure(
        name="tutorial",
        title="against the tutorial's labeller",
        ratio="images/s ÷ those of the tutorial's labeller, 0.3 megapixels",
        derive=_quotient("pipeline.rate", "pipeline.tutorial_rate"),
        needs=("pipeline.rate", "pipeline.tutorial_rate"),
        at_least=3.0,
    ),
    Figure(
        name="tutorial-int8",
        title="against the tutorial's labeller, both with a model in integers of 8 bits",
        ratio="the same, where MODEL names such a model",
        derive=_quotient("pipeline.int8_rate", "pipeline.int8_tutorial_rate"),
        needs=("pipeline.int8_rate", "pipeline.int8_tutorial_rate"),
        at_least=5.0,
    ),
    Figure(
        name="tutorial-large",
        title="against the tutorial's labeller, 12 megapixels",
        ratio="the same, 12 megapixels",
        derive=_quotient("pipeline.large_rate", "pipeline.large_tutorial_rate"),
        needs=("pipeline.large_rate", "pipeline.large_tutorial_rate"),
        at_least=2.0,
    ),
    Figure(
        name="large",
        title="12 megapixels ÷ 0.3",
        ratio="time of a picture in the pipeline, 12 megapixels ÷ 0.3",
        derive=_quotient("pipeline.rate", "pipeline.large_rate"),
        needs=("pipeline.rate", "pipeline.large_rate"),
        at_most=1.5,
    ),
    *_start("submit_image", "submit"),
    *_start("invoke_labeller", "label"),
    *_start("get_image_label", "look-up"),
    _package("get_image_label", "look-up", 1.2),
    _package("submit_image", "submit", 1.7),
    _package("invoke_labeller", "labeller", 9.0),
    *(
        plain(
            f"processor-{part}",
            f"pipeline.processor_{part}",
            "ms",
            f"processor time of a picture, {title}",
            "in the pipeline, 0.3 megapixels",
        )
        for part, title in (
            ("endpoint", "endpoint"),
            ("functions", "labeller with its decoding processes"),
            ("emulator", "emulator"),
        )
    ),
    *breakdown.FIGURES,
    plain("pipeline-rate", "pipeline.rate", "/s", "pipeline, images a second", "0.3 megapixels"),
    _latency("submit", "submit", "p50"),
    _latency("submit", "submit", "p95"),
    _latency("look_up", "look-up", "p50"),
    _latency("look_up", "look-up", "p95"),
    *(
        plain(
            f"api-{name.replace('_', '-')}-{quantile}-ms",
            f"api.{name}.{quantile}",
            "ms",
            f"{title}, {quantile}",
        )
        for name, title in (("nothing", "no-op"), ("submit", "submit"), ("look_up", "look-up"))
        for quantile in ("p50", "p95")
    ),
    plain(
        "first-label",
        "deployment.first_label",
        "s",
        "first label in a fresh copy",
        "from `make demo` to the first label, with the downloads in the cache",
    ),
    plain("second-demo", "deployment.second_demo", "s", "second `make demo`", "all of it"),
    plain(
        "changed-function",
        "deployment.changed_function",
        "s",
        "deployment of a changed function",
        "`make deploy COMPONENT=submit_image`, with its packaging",
    ),
)
BY_NAME = {figure.name: figure for figure in FIGURES}


def derive(
    rounds: Sequence[Mapping[str, Samples]], once: Mapping[str, Samples]
) -> list[dict[str, Any]]:
    """Compute each figure of each application from the rounds.

    Args:
        rounds: By the application's name, the samples of each round.
        once: Samples that were taken once.

    Returns:
        The figures, as results.json has them.
    """
    taken = [*rounds, once]
    names = dict.fromkeys(name for each in taken for name in each)
    return [
        figure.of(name, values)
        for figure in FIGURES
        for name in names
        if (values := _values(figure, name, taken))
    ]


def _values(figure: Figure, name: str, taken: Sequence[Mapping[str, Samples]]) -> list[float]:
    return [
        figure.derive(own, each.get(NOW, own))
        for each in taken
        if (own := each.get(name)) and all(need in own for need in figure.needs)
    ]
