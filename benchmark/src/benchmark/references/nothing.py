"""A function that does nothing: what is left is API Gateway and Lambda."""


def handler(_event: object, _context: object) -> dict[str, object]:
    """Answer an HTTP request."""
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": "{}"}
