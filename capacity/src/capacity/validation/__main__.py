"""`make capacity-validation`: runs every scenario, and writes the table."""

import sys

from capacity.validation.cli import main

sys.exit(main(sys.argv[1:]))
