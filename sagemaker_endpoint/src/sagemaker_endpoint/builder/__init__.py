"""Builds the model package that is served where SageMaker's own model is not to be had.

It needs requirements-dev.txt; the server needs nothing of this.
"""
