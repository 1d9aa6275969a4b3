"""Expands a template as CloudFormation does before it creates anything.

What AWS::Include names is read with the template; then the Serverless transform follows, by the
translator that AWS itself publishes, with the local paths replaced by the places in S3 that
`sam deploy` uploads to.
"""

import copy
import functools
import os
from pathlib import Path
from typing import Any

from local_aws.project import templates
from samtranslator.translator.transform import transform

from conformance.physical import ACCOUNT

# What `sam package` replaces by a place in S3, by type.
# Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-package.html
LOCAL_PATHS = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Lambda::Function": "Code",
}


class _ManagedPolicies:
    """The ARNs of the managed policies that are named; none of the templates names one."""

    def load(self) -> dict[str, str]:
        return {}


def expand(path: Path, region: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return a template without transforms.

    Args:
        path: The template.
        region: Name of the region, which the translator asks the environment for.
        values: Values of the parameters.
    """
    template = _uploaded(read(path), region)
    if template.pop("Transform", None) is None:
        return template
    os.environ["AWS_DEFAULT_REGION"] = region
    return dict(transform(template, dict(values), _ManagedPolicies()))


@functools.cache
def read(path: Path) -> dict[str, Any]:
    """A YAML document with intrinsic functions, read once; not to be changed."""
    return templates.read(path)


def _uploaded(template: dict[str, Any], region: str) -> dict[str, Any]:
    """Put places in S3 for local paths, as `sam package` does."""
    template = copy.deepcopy(template)
    places = [(each["Type"], each.get("Properties", {})) for each in template["Resources"].values()]
    places += [
        (f"AWS::Serverless::{kind}", properties)
        for kind, properties in template.get("Globals", {}).items()
    ]
    for kind, properties in places:
        name = LOCAL_PATHS.get(kind)
        if name and isinstance(properties.get(name), str):
            properties[name] = f"s3://open-devops-code-{region}-{ACCOUNT}/{'0' * 32}"
    return template
