"""Rules on who a step is: its token and its environment's variables."""

import re
from collections.abc import Iterator

from conformance.pipeline_file import PipelineFile, script, steps


def who_takes_a_role_has_a_token(file: PipelineFile) -> Iterator[str]:
    """Source: https://support.atlassian.com/bitbucket-cloud/docs/deploy-on-aws-using-bitbucket-pipelines-openid-connect/."""
    for name, step in file.steps():
        uses = re.search(r"BITBUCKET_STEP_OIDC_TOKEN|AWS_WEB_IDENTITY_TOKEN", script(step))
        if uses and step.get("oidc") is not True:
            yield f"{name}: {step.get('name')} uses a token, and oidc is not true"


def a_variable_of_a_deployment_is_used_in_one(file: PipelineFile) -> Iterator[str]:
    """Source: https://www.atlassian.com/blog/bitbucket/evolving-deployments-in-bitbucket-pipelines-concurrency-groups-and-environments.

    An environment's variables exist only in a step or stage with that deployment or environment.
    """
    for name, items in file.pipelines().items():
        for item in items:
            stage = item.get("stage", {})
            for step in steps([item]):
                if "DEPLOY_ROLE_ARN" in script(step) and not {"deployment", "environment"} & {
                    *step,
                    *stage,
                }:
                    yield f"{name}: {step.get('name')} has no deployment to take its role from"


RULES = (who_takes_a_role_has_a_token, a_variable_of_a_deployment_is_used_in_one)
