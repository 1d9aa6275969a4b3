"""Renders the files that several components carry, from one source each."""
