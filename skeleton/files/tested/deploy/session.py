"""Credentials for the system tests, and no way back to those that deploy."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deploy.errors import DeployError

# Deployment credentials and settings, and tokens that could be exchanged for the role again.
DROPPED = re.compile(
    r"AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|PROFILE|ROLE_.*|"
    r"WEB_IDENTITY_.*|CONTAINER_.*|CONFIG_FILE|SHARED_CREDENTIALS_FILE)|"
    r"BITBUCKET_STEP_OIDC_TOKEN|DEPLOY_ROLE_ARN|SYSTEM_TESTS_ROLE_ARN|PARAMETERS|SSH_.*|GIT_.*"
)


def of_tests(environ: Mapping[str, str], region: str) -> dict[str, str]:
    """Exchange Bitbucket's token for an hour in the role of the system tests.

    Args:
        environ: Environment variables, Bitbucket's and SYSTEM_TESTS_ROLE_ARN among them.
        region: The region.

    Returns:
        The variables that AWS SDKs read; none without a token, as on a machine of one's own.

    Raises:
        DeployError: If the role is not named or cannot be assumed.
    """
    token = environ.get("BITBUCKET_STEP_OIDC_TOKEN")
    if not token:
        return {}
    role = environ.get("SYSTEM_TESTS_ROLE_ARN")
    if not role:
        raise DeployError(
            "SYSTEM_TESTS_ROLE_ARN is not set: make it a variable of this deployment environment. "
            "It is the output SystemTestsRoleArn of the role's stack."
        )
    try:
        given = boto3.client("sts", region).assume_role_with_web_identity(
            RoleArn=role,
            RoleSessionName=f"system-tests-{environ.get('BITBUCKET_BUILD_NUMBER', '0')}",
            WebIdentityToken=token,
        )["Credentials"]
    except (BotoCoreError, ClientError) as error:
        raise DeployError(f"The role of the system tests cannot be assumed: {error}") from error
    _forget(environ)
    return {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def withdrawn(environ: Mapping[str, str], session: Mapping[str, str]) -> dict[str, str]:
    """Return the suite's environment: this one without what deploys, with a session of its own.

    Without a session (on a machine of one's own) the credentials stay as they are.
    """
    if not session:
        return dict(environ)
    kept = {name: value for name, value in environ.items() if not DROPPED.fullmatch(name)}
    return kept | dict(session)


def _forget(environ: Mapping[str, str]) -> None:
    """Delete the token's file, and sessions that an AWS tool has kept."""
    if file := environ.get("AWS_WEB_IDENTITY_TOKEN_FILE"):
        Path(file).unlink(missing_ok=True)
    for cache in (".aws/cli/cache", ".aws/boto/cache", ".aws/sso/cache"):
        shutil.rmtree(Path(environ.get("HOME", "~")).expanduser() / cache, ignore_errors=True)
