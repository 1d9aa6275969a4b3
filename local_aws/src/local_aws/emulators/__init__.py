"""The emulators with what they lack; their own environments run these files, not ours."""
