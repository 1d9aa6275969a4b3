"""Submits and looks up in one: the image is fetched at once, and its label is its first bytes."""

import json
import os
import urllib.request
import uuid

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def handle(event, context):
    query = event.get("queryStringParameters") or {}
    print(f"called with {sorted(query)}")
    if "url" in query:
        return answer(*submit(query["url"]))
    item = table.get_item(Key={"Id": query["imageId"]})["Item"]
    name, version = os.environ["MODEL"].split("/")
    label = {"Name": item["Label"], "Confidence": 0.5}
    return answer(
        200,
        {
            "ImageId": item["Id"],
            "Status": "CLASSIFIED",
            "Labels": [label],
            "Model": {"Name": name, "Version": version},
        },
    )


def submit(url):
    if os.environ["TRUSTED_IMAGE_HOSTS"] not in url:
        problem = {"title": "Address not allowed", "detail": f"{url} is no trusted host."}
        return 400, problem
    with urllib.request.urlopen(url) as picture:
        start = picture.read(4).decode()
    item = {"Id": str(uuid.uuid4()), "Label": start}
    table.put_item(Item=item)
    return 202, {"ImageId": item["Id"], "Status": "NOT_CLASSIFIED"}


def answer(status, body):
    return {"statusCode": status, "body": json.dumps(body)}
