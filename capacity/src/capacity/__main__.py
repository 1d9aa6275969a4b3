"""`python -m capacity`."""

import os
import sys

from capacity.cli import main

if __name__ == "__main__":
    sys.exit(main(os.environ))
