"""`python -m sagemaker_endpoint`."""

import sys

from sagemaker_endpoint.cli import main

if __name__ == "__main__":
    sys.exit(main())
