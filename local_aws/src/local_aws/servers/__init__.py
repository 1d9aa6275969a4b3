"""Starts, watches and stops the emulators and the model's endpoint, and remembers them."""
