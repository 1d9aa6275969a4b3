"""moto's server with UpdateTerminationProtection, which moto 5.2.5 answers with an internal error.

A stack keeps the setting and shows it; moto deletes a protected stack all the same.

The Python of moto's environment runs this file, and does not have this package: nothing of it is
imported here.
"""

import runpy

from moto.cloudformation.responses import CloudFormationResponse  # type: ignore[import-not-found]
from moto.core.responses import ActionResult  # type: ignore[import-not-found]


def update_termination_protection(self: CloudFormationResponse) -> ActionResult:
    """Set a stack's termination protection.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateTerminationProtection.html
    """
    stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
    stack.enable_termination_protection = self._get_bool_param("EnableTerminationProtection")
    return ActionResult({"StackId": stack.stack_id})


CloudFormationResponse.update_termination_protection = update_termination_protection

if __name__ == "__main__":
    runpy.run_module("moto.server", run_name="__main__", alter_sys=True)
