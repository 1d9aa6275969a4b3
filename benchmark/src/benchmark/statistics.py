"""The middle of a figure's values, and how far they are apart."""

from collections.abc import Sequence

import numpy as np


def summary(values: Sequence[float]) -> dict[str, float]:
    """Summarise a figure's values, one from each round.

    Args:
        values: The values, at least one.

    Returns:
        Their median and quartiles (low and high).
    """
    low, median, high = np.percentile(values, (25, 50, 75))
    return {"median": rounded(median), "low": rounded(low), "high": rounded(high)}


def rounded(value: float) -> float:
    """Keep five digits, which is more than a measurement has."""
    return float(f"{value:.5g}")
