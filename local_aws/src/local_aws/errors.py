"""What can go wrong that a person can fix."""


class CloudError(Exception):
    """The embedded cloud cannot do what was asked; the message is a sentence that says what to do.

    Exception
    └── CloudError            exit code 1
        ├── UsageError        exit code 2: the request itself is wrong
        ├── NotRunningError   there is no cloud, or it was killed
        ├── PortTakenError    another process was faster to listen on a port
        └── DeploymentError   a component could not be packaged or deployed
    """

    exit_code = 1


class UsageError(CloudError):
    """The request itself is wrong: a file that is not there, a component that does not exist."""

    exit_code = 2


class NotRunningError(CloudError):
    """A server that is needed does not run."""


class PortTakenError(CloudError):
    """A server did not start, since another process listens on its port by now."""


class DeploymentError(CloudError):
    """A component could not be packaged or deployed."""
