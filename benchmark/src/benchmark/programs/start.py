"""Takes the processor time that a handler's module takes to load, or that of boto3 alone.

    python -I -S start.py <module or "boto3"> <directory> …

The directories are what Lambda has on its path: the package, and what comes with the runtime. It
prints a line of JSON: the processor time of this process, and of those that it has started by then
and a little later, when they are ready, in seconds.
"""

import json
import os
import sys
import time

QUIET, LONGEST = 0.1, 5.0


def of_children() -> float:
    """Return the processor time of the processes that this one has started."""
    ticks = 0
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                with open(f"/proc/{name}/stat") as file:
                    fields = file.read().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == os.getpid():
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def settled() -> float:
    """Return it once it stands still."""
    last, deadline = of_children(), time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        time.sleep(QUIET)
        now = of_children()
        if now == last:
            break
        last = now
    return last


def main() -> None:
    """Load, and print what it took."""
    module, *directories = sys.argv[1:]
    sys.path[:0] = directories
    began = time.process_time()
    if module == "boto3":
        import boto3  # noqa: PLC0415

        for service in ("dynamodb", "s3", "sagemaker-runtime"):
            boto3.client(service)
    else:
        __import__(module)
    own = time.process_time() - began
    print(json.dumps({"own": own, "children": settled()}))
    sys.stdout.flush()
    # No process that was started goes on, and none is waited for.
    os._exit(0)


if __name__ == "__main__":
    main()
