"""What the parts of the benchmark have in common."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from benchmark.application import Application
from benchmark.options import Sizes

# What was measured in a round, by its name: seconds, bytes, or pictures a second.
type Samples = dict[str, float]
# Measures one round.
type Measure = Callable[[], Samples]
# Gets ready to measure an application, and leaves nothing behind.
type Part = Callable[[Application, Sizes], AbstractContextManager[Measure]]
