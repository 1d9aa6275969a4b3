"""Measures the application's speed against references that run in the same rounds."""
