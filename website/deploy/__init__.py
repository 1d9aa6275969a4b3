"""The deployment of this component's stack, the same in every component: `python -m deploy`.

`make deploy` and `make promote` run it. It reads everything from its environment, so that no text
of a user passes through make or a shell:

* `parameters` works out the value of every parameter of the stack.
* `before` lets the component's own `predeploy.py`, if there is one, refuse the deployment.
* `document` puts an API's document into the template, when it is packaged.
* `package` checks that what is deployed is what was packaged.
* `outcome` explains why there is no deployment.
* `stack` speaks with CloudFormation about what `sam deploy` does not: protection, and what a failed
  first creation has left.
* `after` lets the component's own `postdeploy.py`, if there is one, finish the deployment.
* `suite`, where it is there, runs the system tests afterwards, in a `session` of their own.
"""
