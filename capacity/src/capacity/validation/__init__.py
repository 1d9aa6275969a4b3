"""Compares the simulation with real pieces under scaled-down quotas: `make capacity-validation`."""
