"""Tests of the suite's own code: what a run of the suite that passes does not exercise."""
