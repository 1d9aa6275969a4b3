"""Packages and deploys components in the order they need."""
