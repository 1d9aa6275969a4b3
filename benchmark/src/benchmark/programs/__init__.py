"""Programs that other environments run: nothing of this package is imported there."""
