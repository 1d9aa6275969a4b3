"""Where the embedded cloud differs from AWS, asserted: an upgrade that closes a gap fails here.

Each test's docstring says what follows from the gap, and the README's table has a row for it.
"""
