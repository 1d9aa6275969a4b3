"""Lists the photographs for sagemaker_endpoint/benchmarks/accuracy.py: file, tab, class."""

import sys

from tests.evaluation.photographs import FetchError, UnavailableError, read

for source in read():
    try:
        for file, name in source.fetch().items():
            sys.stdout.write(f"{file}\t{name}\n")
    except UnavailableError as error:
        sys.stderr.write(f"{source.name} is left out: {error}.\n")
    except FetchError as error:
        sys.exit(f"{source.name} could not be unpacked: {error}.")
