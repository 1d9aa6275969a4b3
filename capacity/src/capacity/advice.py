"""Which parameters to change and which quotas to raise, for a load."""

import math
from dataclasses import dataclass, replace

from capacity.backlog import MINUTE, accepted, of_outage, recovery
from capacity.limits import USED_AT_MOST, limits
from capacity.load import Load
from capacity.model import Model

QUOTAS = "https://console.aws.amazon.com/servicequotas/{page}/services/{service}/quotas/{code}"
# What the present design does not reach, and what lifts each limit.
BEYOND = {
    "MaxConcurrency": "set InferenceType=Instance, or split the load over several endpoints",
    "ParallelizationFactor": (
        "raise WarmWriteUnits of dynamodb_infra, which divides the stream into more shards"
    ),
}
PAGE = "docs/source/capacity.md"


@dataclass(frozen=True)
class Change:
    """One thing to do.

    Attributes:
        where: The component, or the service whose quota it is.
        name: The parameter, or the quota.
        now: Its value now.
        needed: The value that is needed.
        why: What it lifts.
        link: Where AWS documents it, or where to ask for more.
    """

    where: str
    name: str
    now: float
    needed: float
    why: str
    link: str = ""


@dataclass(frozen=True)
class Advice:
    """What to do.

    Attributes:
        parameters: Parameters to change.
        quotas: Quotas to raise.
        notes: What else stands in the way.
    """

    parameters: list[Change]
    quotas: list[Change]
    notes: list[str]


def advice(model: Model, load: Load) -> Advice:
    """Say what a load needs, so that nothing is busier than USED_AT_MOST.

    Args:
        model: The application in its account.
        load: What comes in.
    """
    # Quotas that are to be raised are those that a new account has.
    asked = model if model.account != "raised" else replace(model, account="new")
    parameters: list[Change] = []
    quotas: list[Change] = []
    notes: list[str] = []
    for limit in limits(asked):
        lever = limit.lever
        if limit.pictures * USED_AT_MOST >= load.rate:
            continue
        if lever is None:
            notes.append(
                f"{limit.title} end at {limit.pictures:,.0f} a second, and nothing in the present "
                f"design lifts that: see {PAGE}."
            )
            continue
        needed = lever.needed(load.rate)
        if needed > lever.most:
            notes.append(
                f"{lever.name} of {lever.where} would have to be {needed:,.0f}, and AWS allows "
                f"{lever.most:,.0f}: {BEYOND[lever.name]}."
            )
            needed = lever.most
        if needed <= lever.now:
            continue
        change = Change(lever.where, lever.name, lever.now, needed, limit.title, limit.page)
        if lever.constant is None:
            parameters.append(change)
        else:
            link = QUOTAS.format(
                page="home", service=lever.constant.service, code=lever.constant.code
            )
            quotas.append(replace(change, link=link if lever.constant.code else limit.page))
    parameters += _burst(model, load)
    notes += _calls(model) + _ramp(model, load)
    if load.outage:
        changes, note = _sweep(model, load)
        parameters += changes
        notes += note
    return Advice(_largest(parameters), quotas, notes)


def _burst(model: Model, load: Load) -> list[Change]:
    submit, look_up = model.application.submit, model.application.look_up
    look_ups = model.constants.assumed["look-ups"]
    # A second's worth at least: requests do not come evenly.
    wanted = [
        ("submit_image", submit.burst, max(load.burst, load.rate)),
        ("get_image_label", look_up.burst, load.rate * look_ups),
    ]
    return [
        Change(name, "ThrottlingBurstLimit", now, math.ceil(needed), "requests that come at once")
        for name, now, needed in wanted
        if needed > now
    ]


def _sweep(model: Model, load: Load) -> tuple[list[Change], list[str]]:
    """Say how the sweep drains an outage's backlog as fast as everything else allows.

    A backlog that one run sends again needs no other one.
    """
    sweep, rate = model.application.sweep, accepted(model, load.rate)
    swept = of_outage(model, load, rate).swept
    others = recovery(model, rate, swept=True)
    most = min(each.pictures for each in others if each.lever is None)
    if swept <= sweep.limit or most <= sweep.limit / sweep.every:
        return [], []
    where, why = "invoke_labeller", "an outage's backlog"
    every = max(1, min(sweep.every, sweep.limit / most) // MINUTE) * MINUTE
    limit = min(math.ceil(most * every), math.ceil(swept))
    changes = []
    if every < sweep.every:
        now, needed = sweep.every / MINUTE, every / MINUTE
        changes.append(Change(where, "SweepRateMinutes", now, needed, why))
    notes = []
    if limit > sweep.most:
        notes.append(
            f"SweepLimit of {where} would have to be {limit:,}, and a run has time for "
            f"{sweep.most:,}: the backlog drains more slowly than pictures could be labelled."
        )
        limit = sweep.most
    if limit > sweep.limit:
        changes.append(Change(where, "SweepLimit", sweep.limit, limit, why))
    return changes, notes


def _calls(model: Model) -> list[str]:
    labeller = model.application.labeller
    if model.calls <= model.slots:
        return []
    threads = min(labeller.threads, labeller.batch)
    return [
        f"The labeller may call the endpoint {model.calls:,.0f} times at once ({model.lanes:,.0f} "
        f"batches on {threads} threads), which serves {model.slots:,.0f}: what is refused is "
        f"delivered again {labeller.retries} times and then left to the sweep."
    ]


def _ramp(model: Model, load: Load) -> list[str]:
    at_once = load.burst * model.constants.assumed["submit-seconds"]
    limits = model.constants.limits
    ramp = limits["lambda-ramp-burst"]
    if at_once <= ramp.value:
        return []
    return [
        f"{load.burst:,.0f} submissions at once need as many environments of SubmitImage: Lambda "
        f"adds {ramp.value:,.0f} at once and {limits['lambda-ramp'].value:,.0f} a second, and "
        f"refuses the others: {ramp.page}"
    ]


def _largest(changes: list[Change]) -> list[Change]:
    """Return one change for each parameter, the one that changes it most."""
    found: dict[tuple[str, str], Change] = {}
    for each in changes:
        key = (each.where, each.name)
        if key not in found or found[key].needed < each.needed:
            found[key] = each
    return list(found.values())
