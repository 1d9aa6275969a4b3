"""CloudFront."""

import subprocess

import urllib3

from local_aws import Cloud
from local_aws.servers.plans import MINISTACK
from tests.gaps.conftest import World

# In a process of its own, since the cloud's has the shim.
ASK_AN_API = """
import asyncio
from ministack.services import cloudfront

origin = {
    "domain_name": "a1b2c3d4e5.execute-api.us-west-1.amazonaws.com",
    "origin_path": "/v1",
    "protocol_policy": "https-only",
    "https_port": 443,
}
request = ("GET", "/submit-image", "", {}, b"", True, "127.0.0.1", "", "")
try:
    print(asyncio.run(cloudfront._fetch_from_origin(origin, *request)))
except cloudfront.OriginUnreachable as error:
    print(error)
"""


def test_an_origin_of_api_gateway_is_refused(cloud: Cloud) -> None:
    """So serving_cloudfront.py has MiniStack's own API Gateway answer for it."""
    python = cloud.settings.environments / MINISTACK / "bin/python"

    done = subprocess.run(
        [python, "-c", ASK_AN_API], capture_output=True, text=True, timeout=60, check=True
    )

    assert "refusing to dial AWS-owned origin host" in done.stdout


def test_a_distribution_answers_to_its_own_name_alone(world: World) -> None:
    """So serving_cloudfront.py gives the website's a port, where a browser finds it."""
    cloudfront = world.client("cloudfront")
    origin = {"Id": "o", "DomainName": "nowhere.s3.us-west-1.amazonaws.com", "OriginPath": ""}
    made = cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": "gaps",
            "Comment": "",
            "Enabled": True,
            "Origins": {
                "Quantity": 1,
                "Items": [origin | {"S3OriginConfig": {"OriginAccessIdentity": ""}}],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": "o",
                "ViewerProtocolPolicy": "allow-all",
                "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
            },
        }
    )["Distribution"]

    named = urllib3.request("GET", world.url, headers={"Host": made["DomainName"]})
    unnamed = urllib3.request("GET", world.url)

    assert "x-amz-cf-id" in named.headers
    assert "x-amz-cf-id" not in unnamed.headers
