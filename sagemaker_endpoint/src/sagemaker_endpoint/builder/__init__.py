"""Builds the model package that is served where SageMaker's own model is not available.

It needs requirements-build.txt; the server needs nothing of this.
"""
