"""What an answer must not show: anything of the inside."""

import re

UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
SIGNS = {
    "a traceback": re.compile(r'Traceback|File \\?"|, line \d+|most recent call', re.IGNORECASE),
    "an exception": re.compile(r"\b\w+(?:Error|Exception)\b"),
    "a library": re.compile(r"botocore|boto3|urllib3|pydantic|python|powertools", re.IGNORECASE),
    "a file": re.compile(r"/var/task|/tmp/|/root/|/home/|\.py\b|site-packages"),
    "an ARN": re.compile(r"arn:aws[\w-]*:", re.IGNORECASE),
    "an account number": re.compile(r"(?<![\d.])\d{12}(?![\d.])"),
    "an IPv4 address": re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"),
    "an IPv6 address": re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{1,4}(?![\w:])", re.I),
    "a resource": re.compile(r"open-devops|ImageLabels|OpenDevOps|execute-api|amazonaws"),
    "a key": re.compile(r"AKIA|ASIA[A-Z0-9]{12}|X-Amz-|AWSAccessKeyId|Signature=", re.IGNORECASE),
}


def shown(text: str) -> list[str]:
    """List what a text shows of the inside.

    Args:
        text: An answer's body, or the value of one of its headers.

    Returns:
        What was recognised, with the words.
    """
    # The digits of an id are nobody's account.
    text = UUID.sub("", text)
    found = ((name, sign.search(text)) for name, sign in SIGNS.items())
    return [f"{name}: {match[0]}" for name, match in found if match]
