"""What S3 does with a form, as it is documented: moto stores any form without a look at its policy.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

# "Each form field that you specify in a form (except x-amz-signature, file, policy, and field names
# that have an x-ignore- prefix) must appear in the list of conditions."
UNCONDITIONAL = {"x-amz-signature", "file", "policy"}


def document(fields: Mapping[str, str]) -> Any:
    return json.loads(base64.b64decode(fields["policy"]))


def signature(fields: Mapping[str, str], secret: str) -> str:
    """The signature of a policy by Signature Version 4: HMACs of date, region, service, request."""
    _, *scope = fields["x-amz-credential"].split("/")
    key = f"AWS4{secret}".encode()
    for part in (*scope, fields["policy"]):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    return key.hex()


def refusal(
    fields: Mapping[str, str], size: int, bucket: str, at: datetime, secret: str
) -> str | None:
    """Why S3 refuses a form at a time, None where it takes it."""
    if not hmac.compare_digest(signature(fields, secret), fields["x-amz-signature"]):
        return "signature"
    policy = document(fields)
    if at >= datetime.fromisoformat(policy["expiration"]):
        return "expired"
    given = {name.lower(): value for name, value in fields.items()}
    conditioned = {"bucket"}
    for condition in policy["conditions"]:
        if isinstance(condition, list) and condition[0] == "content-length-range":
            if not condition[1] <= size <= condition[2]:
                return "content-length-range"
            continue
        assert isinstance(condition, dict), "only exact matches are known here"
        [(name, value)] = condition.items()
        conditioned.add(name.lower())
        if (bucket if name == "bucket" else given.get(name.lower())) != value:
            return str(name)
    others = {name for name in given if not name.startswith("x-ignore-")}
    extra = others - UNCONDITIONAL - conditioned
    return f"extra {min(extra)}" if extra else None
