"""`python -m local_aws`."""

import contextlib
import gc
import os
import sys
import threading

from local_aws.deploying import shared
from local_aws.errors import CloudError
from local_aws.settings import Settings

# What is loaded never becomes garbage: it is not searched for that, neither now nor at the end.
gc.disable()

# Loading the SAM CLI takes longest, so that it begins before even the rest of this is imported.
BEGINS = {"changes": shared.load, "demo": shared.install, "deploy": shared.load}

if begin := BEGINS.get("".join(sys.argv[1:2])):
    # The command line reads the settings again, and reports what is wrong with them.
    with contextlib.suppress(CloudError):
        settings = Settings.read(os.environ)
        threading.Thread(target=begin, args=(settings,), daemon=True).start()

try:
    # What the commands accept depends on facts.yml, so that it is read by this import.
    from local_aws.cli import main
except CloudError as error:
    sys.exit(str(error))
gc.freeze()
gc.enable()
status = main(sys.argv[1:])
gc.freeze()
sys.exit(status)
