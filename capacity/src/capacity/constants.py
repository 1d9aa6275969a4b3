"""Reads `constants.yml`: what AWS limits and charges, and what the model assumes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import yaml
from local_aws.errors import UsageError

FILE = Path(__file__).with_name("constants.yml")
GROUPS = ("limits", "behaviour", "assumptions", "prices")


@dataclass(frozen=True)
class Constant:
    """One number.

    Attributes:
        key: What the model calls it.
        value: The number; in an account of some age, where that matters.
        unit: The unit.
        name: AWS's name of it, or what it is.
        new: The number in a new account.
        low: The lower end of what is plausible.
        high: The upper end.
        page: Where it was read; empty for an assumption.
        read: The day.
        region: Where it holds.
        adjustable: Whether AWS raises it on request.
        service: The service's code in Service Quotas.
        code: The quota's code there.
        note: What else is to be known.
    """

    key: str
    value: float
    unit: str
    name: str = ""
    new: float = math.nan
    low: float = math.nan
    high: float = math.nan
    page: str = ""
    read: str = ""
    region: str = ""
    adjustable: bool = True
    service: str = ""
    code: str = ""
    note: str = ""

    def of(self, account: str) -> float:
        """Return the number in a kind of account, `new` or `default`."""
        return self.new if account == "new" and not math.isnan(self.new) else self.value


@dataclass(frozen=True)
class InstanceType:
    """A type of SageMaker's instances.

    Attributes:
        processors: Virtual processors.
        hour: Dollars an hour.
    """

    processors: int
    hour: float


@dataclass(frozen=True)
class Constants:
    """All of them.

    Attributes:
        limits: AWS's limits.
        behaviour: What AWS does, as far as the simulation needs it.
        assumptions: What the model assumes.
        prices: Dollars for one unit.
        instances: Types of instances, by name.
    """

    limits: Mapping[str, Constant]
    behaviour: Mapping[str, Constant]
    assumptions: Mapping[str, Constant]
    prices: Mapping[str, Constant]
    instances: Mapping[str, InstanceType]

    @classmethod
    def read(cls) -> Self:
        """Read the file."""
        document = yaml.safe_load(FILE.read_text(encoding="utf-8"))
        groups = {name: _group(document[name], document["defaults"]) for name in GROUPS}
        types = document["instances"]["types"]
        instances = {name: InstanceType(**each) for name, each in types.items()}
        return cls(**groups, instances=instances)

    def assuming(self, given: Mapping[str, float]) -> Self:
        """Return the same with other assumptions.

        Raises:
            UsageError: If there is no such assumption, or its value makes no sense.
        """
        changed = dict(self.assumptions)
        for key, value in given.items():
            if key not in changed:
                raise UsageError(f"ASSUME names {key}; there are {', '.join(changed)}.")
            if not math.isfinite(value) or value < 0:
                raise UsageError(f"ASSUME gives {key} {value:g}: give a number of 0 or more.")
            changed[key] = replace(changed[key], value=value, low=value, high=value)
        return replace(self, assumptions=changed)

    @cached_property
    def assumed(self) -> dict[str, float]:
        """The assumptions' values, by name."""
        return {key: each.value for key, each in self.assumptions.items()}

    @cached_property
    def price(self) -> dict[str, float]:
        """The prices, by name."""
        return {key: each.value for key, each in self.prices.items()}


def _group(document: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Constant]:
    return {key: _constant(key, {**defaults, **each}) for key, each in document.items()}


def _constant(key: str, document: dict[str, Any]) -> Constant:
    numbers = {
        name: float(document[name]) for name in ("value", "new", "low", "high") if name in document
    }
    document |= {"read": str(document["read"])} | numbers
    return Constant(key, **document)
