"""Where the components are, and in which order they are deployed."""

from pathlib import Path

from local_aws.delivery.places import COMPONENTS

__all__ = ["COMPONENTS", "HOUSE"]

HOUSE = Path(__file__).parents[1]
