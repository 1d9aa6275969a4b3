"""Bitbucket's rules for pipelines, each a function that yields what is against it.

A rule's docstring says where it was read: a page of Atlassian's, or the program with which
Atlassian validates such files in the browser. A rule that was read at neither says so, and how a
reader settles it. What a plan limits is held to the Free plan. Where the official JSON schema holds
a rule as well, it is here for what the schema leaves out.

The program was read in a public copy of atlassian-frontend:
https://github.com/compass-test/compass1/tree/1889838f7b2f23a7df6f3dd278621e55dd7eaad3/atlassian-frontend/packages/bitbucket/pipelines-yml-validator/src/validator
"""

from collections.abc import Callable, Iterator

from conformance.bitbucket import artifacts, deployments, identities, pipelines, resources
from conformance.pipeline_file import PipelineFile

Rule = Callable[[PipelineFile], Iterator[str]]
MODULES = (pipelines, deployments, artifacts, resources, identities)
RULES: tuple[Rule, ...] = tuple(rule for module in MODULES for rule in module.RULES)
