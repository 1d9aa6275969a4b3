"""A labeller that works as the tutorial's does, as the reference."""
