"""Serves a model package under the contracts of SageMaker's containers and of its runtime API."""
