"""What stops a deployment."""


class DeployError(Exception):
    """Nothing was deployed; the message says why and what to do."""
