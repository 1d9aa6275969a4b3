"""Shows an answer: as text for people, as JSON for programs."""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict

from capacity.answer import Answer
from capacity.constants import Constants
from capacity.limits import Limit
from capacity.simulation import BOUNDS

DAY, HOUR, MINUTE = 86_400, 3600, 60


def text(answer: Answer, constants: Constants, heading: str) -> str:
    """Write an answer for people.

    Args:
        answer: What was computed.
        constants: With which assumptions.
        heading: For which application, in which account.
    """
    parts = [
        [f"{pictures(answer.load.rate)} a second, {heading}."],
        ["", "The first bottlenecks, in pictures a second:", *_bottlenecks(answer)],
        ["", *_flow(answer), *_simulated(answer)],
        ["", *_costs(answer)],
        ["", *_changes(answer)],
        ["", *_assumed(constants)],
    ]
    return "\n".join(line for part in parts for line in part)


def document(answer: Answer) -> str:
    """Write an answer as JSON; what is infinite is null."""
    whole = {
        "load": asdict(answer.load),
        "bottlenecks": [_limit(each) for each in answer.limits],
        "accepted": answer.accepted,
        "labelled": answer.labelled,
        "latency": asdict(answer.latency),
        "burst": asdict(answer.burst),
        "outage": asdict(answer.outage),
        "recovery": [_limit(each) for each in answer.recovery],
        "simulated": asdict(answer.simulated),
        "costs": asdict(answer.costs),
        "advice": asdict(answer.advice),
    }
    return json.dumps(_finite(whole), indent=1)


def _limit(limit: Limit) -> dict[str, object]:
    return {name: getattr(limit, name) for name in ("kind", "title", "pictures", "page")}


def pictures(number: float) -> str:
    """Write a number of pictures a second, to three places."""
    if number >= 100:  # noqa: PLR2004 # three places are enough
        return f"{number:,.0f}"
    return f"{number:.3g}"


def seconds(number: float) -> str:
    """Write a time in its largest fitting unit."""
    if math.isinf(number):
        return "without end"
    for unit, name in ((DAY, "days"), (HOUR, "h"), (MINUTE, "min")):
        if number >= 2 * unit:
            return f"{number / unit:.1f} {name}"
    return f"{number:.1f} s"


def _bottlenecks(answer: Answer) -> Iterator[str]:
    for number, each in enumerate(answer.bottlenecks, 1):
        yield f"  {number}. {pictures(each.pictures):>8}  {each.title}"


def _flow(answer: Answer) -> Iterator[str]:
    load, latency = answer.load, answer.latency
    if answer.accepted < load.rate:
        share = 1 - answer.accepted / load.rate
        yield (
            f"Accepted: {pictures(answer.accepted)} a second; "
            f"{share:.1%} are refused with status 429."
        )
    if math.isinf(latency.p50):
        yield "Time to label: it grows for as long as so many come, since fewer can be labelled."
    else:
        yield (
            f"Time to label: p50 {seconds(latency.p50)}, p95 {seconds(latency.p95)}, in batches of "
            f"{latency.batch:.1f}; the endpoint refuses {latency.refused:.1%} of the calls."
        )
    if load.burst:
        burst = answer.burst
        yield (
            f"A burst of {load.burst:,.0f}: {burst.pictures:,.0f} accepted at once, "
            f"{load.burst - burst.pictures:,.0f} refused with status 429; labelled after "
            f"{seconds(burst.seconds)}."
        )
    if load.outage:
        outage = answer.outage
        drained = f"all are labelled after {seconds(outage.seconds)}"
        end = drained if math.isfinite(outage.seconds) else "they are never all labelled"
        yield (
            f"After an outage of {seconds(load.outage)}: {outage.pictures:,.0f} wait, "
            f"{outage.swept:,.0f} of them for the sweep "
            f"({pictures(outage.a_second)} a second); {end}."
        )
        yield f"  What limits that first: {outage.bound}."
        if outage.given_up:
            yield (
                "  Some wait for longer than GiveUpAfterHours and become FAILED: "
                "`make requeue` sends them again."
            )


def _simulated(answer: Answer) -> Iterator[str]:
    found = answer.simulated
    refused = found.throttled + found.without_execution
    refused += found.without_object + found.without_write
    outage = " with the outage" if answer.load.outage else ""
    if found.seconds < answer.horizon:
        yield (
            f"Only the first {seconds(found.seconds)} of {seconds(answer.horizon)} are simulated: "
            f"more takes more than {BOUNDS.events:,} events."
        )
    yield (
        f"Simulated{outage}: {pictures(found.throughput)} labelled a second, "
        f"p50 {seconds(found.p50)}, "
        f"p95 {seconds(found.p95)}; {refused / max(1.0, found.submitted):.1%} refused, "
        f"{found.refused_calls:,.0f} calls refused by the endpoint; busiest: {found.bottleneck}."
    )
    if answer.load.outage:
        drained = f"drained after {seconds(found.drained)}"
        lasts = "not drained in the time that was simulated"
        end = drained if math.isfinite(found.drained) else lasts
        yield f"  The outage: {found.swept:,.0f} sent again by the sweep, {end}."


def _costs(answer: Answer) -> Iterator[str]:
    costs = answer.costs
    whole = sum(costs.million.values())
    yield (
        f"A million pictures cost ${whole:,.2f} (${costs.low:,.0f} to ${costs.high:,.0f}, "
        "by what is assumed), in us-east-1:"
    )
    yield "  " + ", ".join(f"{name} ${dollars:,.2f}" for name, dollars in costs.million.items())
    yield f"Apart from that, ${sum(costs.idle.values()):,.2f} a month while nothing comes:"
    yield "  " + ", ".join(f"{name} ${dollars:,.2f}" for name, dollars in costs.idle.items())


def _changes(answer: Answer) -> Iterator[str]:
    advice = answer.advice
    if not advice.parameters and not advice.quotas:
        yield "No parameter has to be changed, and no quota to be raised."
    if advice.parameters:
        yield "Change these parameters:"
    for each in advice.parameters:
        yield f"  {each.where}: {each.name} {each.now:,.0f} → {each.needed:,.0f} ({each.why})"
    if advice.quotas:
        yield "Raise these quotas:"
    for each in advice.quotas:
        yield f"  {each.where}: {each.name} {each.now:,.0f} → {each.needed:,.0f}\n    {each.link}"
    yield from advice.notes


def _assumed(constants: Constants) -> Iterator[str]:
    names = (
        "submit-seconds",
        "label-seconds",
        "model-seconds",
        "instance-cpu-seconds",
        "look-ups",
        "picture-bytes",
    )
    yield 'Assumed, never measured on AWS (ASSUME="name=number …" replaces them):'
    yield "  " + ", ".join(f"{name}={constants.assumed[name]:g}" for name in names)


def _finite(node: object) -> object:
    match node:
        case float() if not math.isfinite(node):
            return None
        case dict():
            return {key: _finite(value) for key, value in node.items()}
        case list() | tuple():
            return [_finite(each) for each in node]
    return node
