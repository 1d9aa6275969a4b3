"""Which examples the properties are tried on."""

import os

import hypothesis

# A busy machine is no fault of an example. Every run tries the same examples, so that it fails only
# on a change; IMAGELABELLER_EXPLORE=1000 tries a thousand new ones of each property instead.
EXPLORE = os.environ.get("IMAGELABELLER_EXPLORE")
hypothesis.settings.register_profile("repeat", deadline=None, derandomize=True, max_examples=50)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=int(EXPLORE or 100))
hypothesis.settings.load_profile("explore" if EXPLORE else "repeat")
