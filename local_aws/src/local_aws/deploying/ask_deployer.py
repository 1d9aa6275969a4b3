"""Has the component in this directory deployed by `deployer.py`: what DEPLOY is set to, for make.

It takes the place of `python -m deploy`: the same directory, environment and output, the same exit
status. It is run by any Python, with nothing imported that takes time.
"""

import json
import os
import socket
import sys

LENGTH = 4
FAILED = 1


def ask(path: str) -> int:
    """Ask for a deployment and wait for its end.

    Args:
        path: The deployer's socket.

    Returns:
        The exit status.
    """
    where = os.getcwd()  # noqa: PTH109 # pathlib takes as long to import as the rest
    request = json.dumps({"directory": where, "environment": dict(os.environ)}).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        socket.send_fds(connection, [len(request).to_bytes(LENGTH)], [1, 2])
        connection.sendall(request)
        answer = connection.recv(1)
    return answer[0] if answer else FAILED


if __name__ == "__main__":
    try:
        sys.exit(ask(sys.argv[1]))
    except OSError as error:
        sys.exit(f"The process that deploys has ended: {error}")
