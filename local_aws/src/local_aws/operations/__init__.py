"""Reviewed and reversible: what a deployment would change, how it drifted, and how it is undone.

* `changes` makes each component's change set, describes it and deletes it again.
* `deploy` does the same, refuses to replace or delete what holds data, and then deploys.
* `drift` compares what is deployed with its templates.
* `destroy` deletes an environment's stacks in the reverse order of their deployment.

All act on a target: the embedded cloud, or with `CLOUD=aws` wherever the environment's own AWS
configuration leads. They know of neither but through that.
"""
